import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { KubeConfig, type Cluster } from '@kubernetes/client-node';
import { toErrorCode } from '../lib/error-text.ts';
import { findNearest } from '../lib/nearest.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { KubeConfigError } from './access-error.ts';
import { readKubeConfigFile } from './kube-config-file.ts';
import { mergeKubeConfigs } from './merge-kube-configs.ts';

/** Where the address and the credentials of a cluster are. */
export interface ClusterPlace {
  /**
   * The path of a kubeconfig, or those of several as kubectl takes them, of which some may not be there; null: the service account of
   * the pod that this process runs in.
   */
  readonly kubeconfig: string | readonly string[] | null;
  /** A context of the kubeconfig; null: its current one. */
  readonly context: string | null;
  /** A folder before the path of the service account; empty in a pod. */
  readonly root?: string;
}

/**
 * Reads how to reach a cluster, at each call. Synchronous, as the client library reads its files. Files that the kubeconfig
 * names are not looked at: they may come later, and are read when they are needed.
 * @throws KubeConfigError when what is configured cannot work.
 */
export function readKubeConfig({ kubeconfig, context, root = '' }: ClusterPlace): KubeConfig {
  if (kubeconfig === null) return readServiceAccount(root);
  const [first = '', ...others] = [kubeconfig].flat();
  const there = others.length === 0 ? [] : [first, ...others].filter((path) => existsSync(path));
  // Where none is there, the first says so.
  const config = readFile(there[0] ?? first);
  mergeKubeConfigs([config, ...there.slice(1).map(readFile)]);
  if (context !== null) config.setCurrentContext(context);
  checkContext(config, toShownPaths(kubeconfig), context);
  return config;
}

/** How messages name them. */
export function toShownPaths(kubeconfig: string | readonly string[]): string {
  return [kubeconfig].flat().join(delimiter);
}

function readFile(path: string): KubeConfig {
  const raw = readKubeConfigFile(path);
  const config = load(raw, path);
  addTokenFiles(config, raw, path);
  return config;
}

function readServiceAccount(root: string): KubeConfig {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = process.env;
  if (host === '' || port === '') {
    throw new KubeConfigError(
      'kubeconfig',
      'no kubeconfig is named, and this process does not run in a pod',
      'name one, such as kubeconfig: ./kubeconfig',
    );
  }
  const config = new KubeConfig();
  // Never `loadFromDefault`: it falls back to whatever cluster a developer last worked with.
  config.loadFromCluster(root);
  return config;
}

function load(raw: RawObject, path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    // As JSON: a second YAML parser would be of another opinion now and then.
    config.loadFromString(JSON.stringify(raw));
  } catch (error) {
    // The library reads `token-file` at once. The format has no such field, but the file may come later all the same.
    if (toErrorCode(error) !== undefined) throw error;
    const message = error instanceof Error ? error.message : '';
    const why = message.endsWith(' is missing') ? message : 'a field is of the wrong type';
    throw new KubeConfigError('kubeconfig', `the kubeconfig ${path} is not whole: ${why}`, 'mend the entry');
  }
  config.makePathsAbsolute(dirname(path));
  return config;
}

/** @throws KubeConfigError when the context, or what it names, is not there or cannot be used. */
function checkContext(config: KubeConfig, path: string, given: string | null): void {
  const name = given ?? config.getCurrentContext() ?? '';
  const context = config.getContextObject(name);
  if (context === null) throw toNoContext(config, path, given);
  const refuse = (message: string, hint: string): never => {
    throw new KubeConfigError('kubeconfig', `in the kubeconfig ${path}, ${message}`, hint);
  };
  const refuseName = (what: string): never =>
    refuse(`the context ${name} names the ${what}, which is not there`, 'mend it, or add what it names');
  const cluster = config.getCluster(context.cluster) ?? refuseName(`cluster ${context.cluster}`);
  // One that names no user at all is for proxies that authenticate by themselves.
  const user =
    context.user === undefined ? null : (config.getUser(context.user) ?? refuseName(`user ${context.user}`));
  if (user?.authProvider && !isObject(user.authProvider.config))
    refuse(
      `the user ${context.user} has an auth-provider without config`,
      'log in again, or use a credential plugin (exec)',
    );
  const why = findServerMistake(cluster);
  if (why !== undefined) refuse(`the cluster ${cluster.name} ${why[0]}`, why[1]);
}

function toNoContext(config: KubeConfig, path: string, given: string | null): KubeConfigError {
  const name = given ?? config.getCurrentContext() ?? '';
  const names = config.contexts.map((context) => context.name);
  const known = names.length === 0 ? 'it has none' : `its contexts are ${names.slice(0, 10).join(', ')}`;
  if (given === null && name === '') {
    const hint = `set it, or name a context in the field context: ${known}`;
    return new KubeConfigError('kubeconfig', `the kubeconfig ${path} has no current-context`, hint);
  }
  const nearest = findNearest(name, names);
  const hint = nearest === undefined ? known : `did you mean ${nearest}?`;
  const field = given === null ? 'kubeconfig' : 'context';
  return new KubeConfigError(field, `the kubeconfig ${path} has no context ${name}`, hint);
}

/** What keeps its address from being used, and how to mend it. */
function findServerMistake({
  server,
  skipTLSVerify,
  proxyUrl,
}: Cluster): readonly [string, string] | undefined {
  const protocol = URL.canParse(server) ? new URL(server).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:')
    return ['has a server that is no URL', 'write for instance server: https://10.0.0.1:6443'];
  if (protocol === 'http:' && !skipTLSVerify)
    return ['is asked over plain http', 'use https, or set insecure-skip-tls-verify: true'];
  if (typeof proxyUrl === 'string' && proxyUrl !== '' && !/^https?:/.test(proxyUrl))
    return ['has a proxy-url that is neither http nor https', 'use an HTTP proxy, or none'];
  return undefined;
}

/**
 * The library does not know `tokenFile` of a kubeconfig; for in-cluster tokens it has a provider that reads a file
 * again every minute, which serves here as well. As in kubectl, the file wins over a token.
 */
function addTokenFiles(config: KubeConfig, raw: RawObject, path: string): void {
  const files = toTokenFiles(raw);
  config.users = config.users.map((user) => {
    const file = files.get(user.name);
    if (file === undefined) return user;
    const { token: _replaced, ...others } = user;
    const tokenFile = resolve(dirname(path), file);
    return { ...others, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

function toTokenFiles(raw: RawObject): ReadonlyMap<string, string> {
  const users = Array.isArray(raw['users']) ? raw['users'] : [];
  const files = new Map<string, string>();
  for (const entry of users) {
    if (!isObject(entry) || !isObject(entry['user'])) continue;
    const { name } = entry;
    const file = entry['user']['tokenFile'];
    if (typeof name === 'string' && typeof file === 'string' && file !== '') files.set(name, file);
  }
  return files;
}
