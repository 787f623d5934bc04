import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readLife, readOwnIdentity, type ProcessIdentity } from '../lib/process-identity.ts';

/** How a process ended: its exit status, or the signal that ended it; `unknown` for one that another program had started. */
export type ProcessEnd = number | NodeJS.Signals | 'unknown';

/** A process that this program has started, or one that an earlier run of it has left. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves when it is gone. */
  readonly ended: Promise<ProcessEnd>;
  /** False when it is gone already. */
  signal(signal: NodeJS.Signals): boolean;
}

const lookMs = 500;

/**
 * Starts a program in a session of its own: what a terminal sends to this one, such as an interrupt, does not reach it, and it
 * outlives this one. Its output is appended to a file, since a pipe would end it when this one is gone.
 * @throws The error of the system.
 */
export async function startProcess(
  program: string,
  args: readonly string[],
  output: string,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd?: string },
): Promise<RunningProcess> {
  const file = openSync(output, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(program, args, { ...options, stdio: ['ignore', file, file], detached: true });
  } finally {
    closeSync(file);
  }
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  await once(child, 'spawn');
  return { pid: child.pid ?? Number.NaN, ended, signal: (signal) => child.kill(signal) };
}

/** Looks after a process that another program has started. */
export async function adoptProcess(identity: ProcessIdentity): Promise<RunningProcess> {
  const own = await readOwnIdentity();
  let isGone = false;
  const ended = new Promise<ProcessEnd>((resolve) => {
    const look = async (): Promise<void> => {
      if ((await readLife(identity, own)) === 'alive') return;
      isGone = true;
      clearInterval(timer);
      resolve('unknown');
    };
    const timer = setInterval(() => {
      void look();
    }, lookMs);
  });
  return {
    pid: identity.pid,
    ended,
    signal: (signal) => {
      if (isGone) return false;
      try {
        return process.kill(identity.pid, signal);
      } catch {
        return false;
      }
    },
  };
}
