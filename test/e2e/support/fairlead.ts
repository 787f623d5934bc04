import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { startChild } from './child.ts';
import { eventually } from './eventually.ts';
import { findFreePort } from './local-address.ts';

/** The root of the project. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

const program = join(projectRoot, 'dist/fairlead.js');
const START_MS = 15_000;
let built: Promise<string> | undefined;

/** The launcher sets it when it has built the program: another build would write the file that a test is starting. */
export const BUILT_VARIABLE = 'FAIRLEAD_E2E_BUILT';

/** Builds the program, once for all tests, and resolves with the path of what `node` runs. */
export function buildFairlead(): Promise<string> {
  if (process.env[BUILT_VARIABLE] === '1') return Promise.resolve(program);
  built ??= promisify(execFile)(process.execPath, [join(projectRoot, 'scripts/build.mjs')], {
    cwd: projectRoot,
  }).then(() => program);
  return built;
}

/** Hides the variables of the tests themselves, such as FAIRLEAD_E2E: the program would refuse them as unknown settings. */
export function hideOwnVariables(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('FAIRLEAD_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

export interface CommandOptions {
  /** Default the root of the project. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a command ended. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command that ends by itself, such as `check DIR`. Any exit status resolves; no end in 30 s rejects. */
export async function runFairlead(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const path = await buildFairlead();
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [path, ...args],
      {
        cwd: options.cwd ?? projectRoot,
        env: { ...process.env, ...hideOwnVariables(), ...options.env },
        maxBuffer: 256 * 1024 * 1024,
        timeout: 30_000,
      },
      (error, stdout, stderr) => {
        if (child.exitCode !== null) resolve({ status: child.exitCode, stdout, stderr });
        else reject(new Error(`fairlead ${args.join(' ')} did not end:\n${stderr}`, { cause: error }));
      },
    );
  });
}

/** Both as `ip:port`. */
export interface ListenOn {
  readonly provider: string;
  readonly admin: string;
}

export interface FairleadOptions {
  /** The working directory; the configuration file is written there. */
  readonly cwd: string;
  /** What `fairlead.yaml` says; `listen` is added. Absent: the program runs without a file. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More arguments of `serve`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A program that becomes it, with its first arguments, such as `unshare --user`. */
  readonly through?: readonly string[];
  /** Where it listens; default free ports of 127.0.0.1. */
  readonly listen?: ListenOn;
  /** The program; default the one of this folder, built. */
  readonly program?: string;
  /** Arguments of Node itself, before the program. */
  readonly nodeArgs?: readonly string[];
  /** Whether to wait until it is ready; default true. */
  readonly ready?: boolean;
}

/** A running `fairlead serve`. */
export interface Fairlead {
  readonly pid: number;
  /** `http://127.0.0.1:port`, of the listener that Traefik polls. */
  readonly providerUrl: string;
  readonly adminUrl: string;
  readonly listen: ListenOn;
  /** The arguments that give other commands the same configuration: `-c file`, or none. */
  readonly configArgs: readonly string[];
  readonly logs: () => string;
  /** SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  crash(): Promise<void>;
}

/** Starts it; resolves when `/readyz` answers 200, rejects with its log when it does not. */
export async function startFairlead(options: FairleadOptions): Promise<Fairlead> {
  const { cwd, config, args = [], env = {}, through = [], nodeArgs = [], ready = true } = options;
  const path = options.program ?? (await buildFairlead());
  const listen = options.listen ?? (await findListenOn());
  const configArgs = config === undefined ? [] : ['-c', join(cwd, 'fairlead.yaml')];
  if (config !== undefined) {
    writeFileSync(join(cwd, 'fairlead.yaml'), stringify({ ...config, listen }));
  }
  const listenEnv = { FAIRLEAD_LISTEN_PROVIDER: listen.provider, FAIRLEAD_LISTEN_ADMIN: listen.admin };
  const [command, ...before] = [...through, process.execPath];
  const child = await startChild(command, [...before, ...nodeArgs, path, 'serve', ...configArgs, ...args], {
    cwd,
    env: { ...hideOwnVariables(), ...(config === undefined ? listenEnv : {}), ...env },
  });
  const adminUrl = `http://${listen.admin}`;
  try {
    const isReady = async (): Promise<boolean> => (await fetch(`${adminUrl}/readyz`)).status === 200;
    if (ready) await eventually('Fairlead is not ready', START_MS, isReady, child.ended);
  } catch (error) {
    await child.stop();
    throw new Error(`${String(error)}\n${child.logs().slice(-4_000)}`, { cause: error });
  }
  const { pid, logs } = child;
  return {
    pid,
    providerUrl: `http://${listen.provider}`,
    adminUrl,
    listen,
    configArgs,
    logs,
    stop: () => child.stop(),
    crash: () => child.crash(),
  };
}

async function findListenOn(): Promise<ListenOn> {
  const provider = await findFreePort();
  let admin = provider;
  while (admin === provider) admin = await findFreePort();
  return { provider: `127.0.0.1:${provider}`, admin: `127.0.0.1:${admin}` };
}
