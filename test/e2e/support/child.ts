import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs beside the test. */
export interface Child {
  readonly pid: number;
  /** Both output streams so far, in order of arrival. */
  readonly logs: () => string;
  /** How it ended, or undefined while it runs. */
  readonly ended: () => string | undefined;
  /** SIGTERM, and SIGKILL for what has not ended in `patienceMs`. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would be. Resolves when the process is gone. */
  crash(): Promise<void>;
}

export interface ChildOptions {
  readonly cwd?: string;
  /** Added to the environment of this process, or undefined: taken out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose process it is; default that of this one. */
  readonly uid?: number;
  readonly gid?: number;
  /** How long `stop` waits before SIGKILL; default five seconds. */
  readonly patienceMs?: number;
}

const running = new Set<ChildProcess>();

// A test worker that is ended from outside runs no `afterAll`.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program; rejects when it cannot be started. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Child> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  let ended: string | undefined;
  // `close`, not `exit`: the last lines of output are often the reason.
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      ended = signal === null ? `exit status ${code}` : `signal ${signal}`;
      running.delete(child);
      resolve();
    });
  });
  await once(child, 'spawn');
  running.add(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (ended !== undefined) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.patienceMs ?? 5_000);
    await closed;
    clearTimeout(timer);
  };
  return {
    pid: child.pid ?? Number.NaN,
    logs: () => output.join(''),
    ended: () => ended,
    stop: () => end('SIGTERM'),
    crash: () => end('SIGKILL'),
  };
}
