import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startChild, type Child } from './child.ts';
import { makeTempFolder } from './cleanup.ts';
import { eventually } from './eventually.ts';

/** Where its source is, unless FAIRLEAD_E2E_APISERVER_SOURCE says otherwise: in a folder beside the project. */
const source = resolve(process.env['FAIRLEAD_E2E_APISERVER_SOURCE'] ?? '../shared/rig/apiserver');
const cached = join(homedir(), '.cache', 'fairlead', 'apiserver');
const adminToken = 'rig-admin-token';

/** An object as `kubectl apply` takes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A running API server with fault injection. */
export interface ApiServer {
  readonly kubeconfig: string;
  readonly url: string;
  readonly pid: number;
  /** Asks an endpoint below `/_rig/`; what it answers is parsed JSON. */
  rig(
    path: string,
    params?: Readonly<Record<string, string | number | boolean>>,
    method?: 'GET' | 'POST',
  ): Promise<unknown>;
  /** Server-side apply, one object after the other. */
  apply(...objects: readonly Manifest[]): Promise<void>;
  delete(...objects: readonly Manifest[]): Promise<void>;
  /** Runs another command of the same program against this server, such as `load`. */
  run(command: string, args: readonly string[]): void;
  stop(): Promise<void>;
  /** SIGKILL. */
  crash(): Promise<void>;
}

export interface ApiServerOptions {
  readonly flags?: readonly string[];
  /** Ports to listen on; default free ones. */
  readonly ports?: { readonly https: number; readonly http: number };
}

const missing = 'no API server (CONTRIBUTING.md says how to get one)';

/**
 * The program that APISERVER_BIN names, else the one that `buildApiServer` built. Undefined, with a line on the console that
 * names what is skipped, when there is none.
 * @throws Error instead when FAIRLEAD_E2E is `required`.
 */
export function findApiServer(skipped: string): string | undefined {
  const named = process.env['APISERVER_BIN'] ?? '';
  const found = [named, cached].find((path) => path !== '' && existsSync(path));
  if (found === undefined) {
    if (process.env['FAIRLEAD_E2E'] === 'required') throw new Error(`FAIRLEAD_E2E=required, and ${missing}`);
    console.log(`!!  SKIPPED: ${skipped}: ${missing}`);
  }
  return found;
}

/**
 * Builds it where there is none yet, and its source and Go are at hand. Before the tests: inside their private network
 * nothing can be downloaded. False when there is none.
 */
export function buildApiServer(): boolean {
  const named = process.env['APISERVER_BIN'] ?? '';
  if (existsSync(named) || existsSync(cached)) return true;
  if (!existsSync(source) || spawnSync('go', ['version']).status !== 0) return false;
  mkdirSync(dirname(cached), { recursive: true });
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', cached, '.'];
  const { status, stderr } = spawnSync('go', args, {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0' },
    encoding: 'utf8',
  });
  if (status !== 0) console.log(`The API server could not be built:\n${stderr}`);
  return status === 0;
}

/** Starts a server; resolves once it is ready, which takes half a second. */
export async function startApiServer(program: string, options: ApiServerOptions = {}): Promise<ApiServer> {
  const { flags = [], ports = { https: 0, http: 0 } } = options;
  const folder = makeTempFolder();
  const kubeconfig = join(folder.path, 'kubeconfig');
  const listen = ['--listen', `127.0.0.1:${ports.https}`, '--http-listen', `127.0.0.1:${ports.http}`];
  const child = await startChild(program, ['serve', ...listen, '--kubeconfig', kubeconfig, ...flags], {
    env: { TMPDIR: folder.path },
  });
  const { https, http } = await eventually(
    'the API server is ready',
    20_000,
    () => toUrls(child),
    child.ended,
  );
  const rig: ApiServer['rig'] = (path, params = {}, method = 'POST') => {
    const pairs = Object.entries(params).map(([key, value]) => [key, String(value)]);
    return ask(`${http}/_rig/${path}?${new URLSearchParams(Object.fromEntries(pairs)).toString()}`, {
      method,
    });
  };
  const end = (way: 'stop' | 'crash') => async (): Promise<void> => {
    await child[way]();
    folder.remove();
  };
  return {
    kubeconfig,
    url: https,
    pid: child.pid,
    rig,
    apply: async (...objects) => {
      for (const object of objects) await applyObject(http, object);
    },
    delete: async (...objects) => {
      for (const object of objects)
        await ask(http + toPath(object), { method: 'DELETE', headers: toHeaders() });
    },
    run: (command, args) => {
      const { status, stderr } = spawnSync(program, [command, '--kubeconfig', kubeconfig, ...args], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
    },
    stop: end('stop'),
    crash: end('crash'),
  };
}

function toUrls(child: Child): { readonly https: string; readonly http: string } | undefined {
  const line = child
    .logs()
    .split('\n')
    .find((each) => each.startsWith('{"') && each.endsWith('}'));
  return line === undefined ? undefined : JSON.parse(line);
}

async function applyObject(http: string, object: Manifest): Promise<void> {
  await ask(`${http}${toPath(object)}?fieldManager=test&force=true`, {
    method: 'PATCH',
    headers: { ...toHeaders(), 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
  });
}

function toHeaders(): Record<string, string> {
  return { authorization: `Bearer ${adminToken}` };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const clusterWide = new Set(['ClusterRole', 'ClusterRoleBinding', 'IngressClass', 'Namespace', 'Node']);

function toPath({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const lower = kind.toLowerCase();
  const plural = lower.endsWith('s') ? `${lower}es` : `${lower}s`;
  const scope = clusterWide.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${scope}/${plural}/${metadata.name}`;
}
