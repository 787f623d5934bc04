import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { toApiCalls, type ApiServer } from '../../support/api-server.ts';
import { startFakeApi } from '../../support/fake-api/start-fake-api.ts';
import { startChild, type Child } from './child.ts';
import { makeTempFolder } from './cleanup.ts';
import { eventually } from './eventually.ts';

export type { ApiServer, Manifest } from '../../support/api-server.ts';

/** Where its source is, unless FAIRLEAD_E2E_APISERVER_SOURCE says otherwise: in a folder beside the project. */
const source = resolve(process.env['FAIRLEAD_E2E_APISERVER_SOURCE'] ?? '../shared/rig/apiserver');
const cached = join(homedir(), '.cache', 'fairlead', 'apiserver');
/** Stands for the fake where a program is named, also in APISERVER_BIN. */
const fake = 'fake';

export interface ApiServerOptions {
  readonly flags?: readonly string[];
  /** Ports to listen on; default free ones. */
  readonly ports?: { readonly https: number; readonly http: number };
  readonly env?: Readonly<Record<string, string>>;
}

const missing = 'no API server (CONTRIBUTING.md says how to get one)';

/**
 * The program that APISERVER_BIN names, else the one that `buildApiServer` built. Undefined, with a line on the console that
 * names what is skipped, when there is none.
 * @throws Error instead when FAIRLEAD_E2E is `required`.
 */
export function findApiServer(skipped: string): string | undefined {
  const found = findApiServerProgram();
  if (found === undefined) {
    if (process.env['FAIRLEAD_E2E'] === 'required') throw new Error(`FAIRLEAD_E2E=required, and ${missing}`);
    console.log(`!!  SKIPPED: ${skipped}: ${missing}`);
  }
  return found;
}

/** The same, or else the fake in `test/support/fake-api`, for tests that need no more than it does. */
export function findApiServerOrFake(): string {
  return findApiServerProgram() ?? fake;
}

/** The program, without a word when there is none; never the fake. */
export function findApiServerProgram(): string | undefined {
  const named = process.env['APISERVER_BIN'] ?? '';
  if (named === fake) return undefined;
  return [named, cached].find((path) => path !== '' && existsSync(path));
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
  if (program === fake) return startFakeApi();
  const { flags = [], ports = { https: 0, http: 0 } } = options;
  const folder = makeTempFolder();
  const kubeconfig = join(folder.path, 'kubeconfig');
  const listen = ['--listen', `127.0.0.1:${ports.https}`, '--http-listen', `127.0.0.1:${ports.http}`];
  const child = await startChild(program, ['serve', ...listen, '--kubeconfig', kubeconfig, ...flags], {
    env: { ...options.env, TMPDIR: folder.path },
  });
  const { https, http } = await eventually(
    'the API server is ready',
    20_000,
    () => toUrls(child),
    child.ended,
  );
  const end = (way: 'stop' | 'crash') => async (): Promise<void> => {
    await child[way]();
    folder.remove();
  };
  return {
    kubeconfig,
    url: https,
    pid: child.pid,
    ...toApiCalls(http),
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
