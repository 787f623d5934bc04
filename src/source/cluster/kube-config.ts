import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { isObject } from '../kinds/fields.ts';

/** Where the address and the credentials of a cluster are. */
export interface ClusterPlace {
  /** The path of a kubeconfig; null: the service account of the pod that this process runs in. */
  readonly kubeconfig: string | null;
  /** A context of the kubeconfig; null: its current one. */
  readonly context: string | null;
  /** A folder before the path of the service account; empty in a pod. */
  readonly root?: string;
}

/**
 * Reads how to reach a cluster, anew at each call. Synchronous, as the client library reads its files.
 * @throws Error with one sentence for the user when there is no such file, context or cluster.
 */
export function readKubeConfig({ kubeconfig, context, root = '' }: ClusterPlace): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === null) {
    if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '') {
      throw new Error('No kubeconfig is named, and this process does not run in a pod.');
    }
    // Never `loadFromDefault`: it falls back to whatever cluster a developer last worked with.
    config.loadFromCluster(root);
    return config;
  }
  config.loadFromFile(kubeconfig);
  if (context !== null) config.setCurrentContext(context);
  if (config.getContextObject(config.getCurrentContext()) === null) {
    throw new Error(
      `The kubeconfig ${kubeconfig} has no context ${config.getCurrentContext() ?? '(none is set)'}.`,
    );
  }
  if (config.getCurrentCluster() === null) {
    throw new Error(
      `The context ${config.getCurrentContext()} of ${kubeconfig} names no cluster that is there.`,
    );
  }
  addTokenFiles(config, kubeconfig);
  return config;
}

/**
 * The library does not know `tokenFile` of a kubeconfig; for in-cluster tokens it has a provider that reads a file
 * again every minute, which serves here as well. As in kubectl, the file wins over a token.
 */
function addTokenFiles(config: KubeConfig, path: string): void {
  const files = toTokenFiles(parse(readFileSync(path, 'utf8')));
  config.users = config.users.map((user) => {
    const file = files.get(user.name);
    if (file === undefined) return user;
    const { token: _replaced, ...others } = user;
    const tokenFile = resolve(dirname(path), file);
    return { ...others, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

function toTokenFiles(raw: unknown): ReadonlyMap<string, string> {
  const users = isObject(raw) && Array.isArray(raw['users']) ? raw['users'] : [];
  const files = new Map<string, string>();
  for (const entry of users) {
    if (!isObject(entry) || !isObject(entry['user'])) continue;
    const { name } = entry;
    const file = entry['user']['tokenFile'];
    if (typeof name === 'string' && typeof file === 'string' && file !== '') files.set(name, file);
  }
  return files;
}
