import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { findTraefik } from '../private-network.ts';
import { buildApiServer, findApiServerProgram } from '../apiserver.ts';
import { hideOwnVariables } from '../fairlead.ts';
import { listStart, type Controller } from './controllers.ts';
import { readSuiteLog, type SuiteResult } from './suite-log.ts';

/** Where the rig is, unless FAIRLEAD_E2E_CONFORMANCE_SOURCE says otherwise: in a folder beside the project. */
const source = resolve(process.env['FAIRLEAD_E2E_CONFORMANCE_SOURCE'] ?? '../shared/rig/conformance');
const cache = join(homedir(), '.cache', 'fairlead', 'conformance');
/** A copy of it, which is built and run. */
const copy = join(cache, 'rig');
const script = join(copy, 'run.sh');
/** The custom resources of the standard channel, once the suite has been built. */
export const crdFolder = join(cache, 'crds');
const built = [join(cache, 'suite.test'), join(cache, 'echo'), crdFolder, script];

/** A suite that hangs is ended after so long. */
const mostSeconds = 840;

/**
 * Builds the official suite where it has not been built yet, and the rig and Go are at hand: before the tests, since inside their private
 * network nothing can be downloaded. Returns what is missing; undefined when all is there.
 */
export function buildConformance(): string | undefined {
  if (built.every((path) => existsSync(path))) return undefined;
  if (!existsSync(join(source, 'run.sh'))) return `no conformance rig at ${source}`;
  if (spawnSync('go', ['version']).status !== 0) return 'no go on PATH';
  copyRig();
  const { status, stderr } = spawnSync('bash', [script, 'build'], { encoding: 'utf8', env: toEnv() });
  return status === 0 ? undefined : `the conformance suite could not be built:\n${stderr}`;
}

/**
 * Tests of the suite that may run side by side go on after the function that holds them has returned, and what it defers would end the
 * echo servers before them: in the copy they end with the last test.
 */
function copyRig(): void {
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(source).filter((each) => /\.(go|mod|sum|sh)$/.test(each))) {
    const text = readFileSync(join(source, name), 'utf8');
    writeFileSync(join(copy, name), text.replace(/^\tdefer cancel\(\)$/m, '\tt.Cleanup(cancel)'));
  }
}

/** What keeps the suite from running here; undefined when nothing does. */
export function findObstacle(): string | undefined {
  const traefik = findTraefik();
  if (typeof traefik !== 'string') return traefik.what;
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) return 'no kubectl on PATH';
  if (!built.every((path) => existsSync(path)))
    return 'the conformance suite has not been built: it needs go and the rig';
  return buildApiServer() ? undefined : 'no API server';
}

function toEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...hideOwnVariables(), CONFORMANCE_CACHE: cache, ...more };
}

/**
 * Runs the suite against a controller and a Traefik of its own, in the private network that this process is in; what is started is gone
 * when it resolves. Logs of all stay in `folder`.
 */
export async function runConformance(
  controller: Controller,
  folder: string,
  flags: readonly string[],
): Promise<SuiteResult> {
  const traefik = findTraefik();
  if (typeof traefik !== 'string') throw new Error(traefik.what);
  const start = join(folder, 'start.sh');
  writeFileSync(start, listStart(controller, { traefik, folder }).join('\n'));
  const env = toEnv({
    APISERVER_BIN: findApiServerProgram() ?? '',
    CONFORMANCE_WORK: folder,
    SUITE_SECONDS: String(mostSeconds),
  });
  const args = [script, 'test', controller.gatewayClass, `exec bash ${start}`, ...flags];
  const child = spawn('bash', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  await new Promise((done, failed) => {
    child.once('error', failed).once('close', done);
  });
  return readSuiteLog(readFileSync(join(folder, 'suite.log'), 'utf8'));
}
