import { startChild } from './child.ts';
import { buildFairlead, hideOwnVariables } from './fairlead.ts';

/** A line of the log of `fairlead edge`. */
export interface EdgeLine {
  readonly level: string;
  readonly msg: string;
  readonly bank?: number;
  readonly pid?: number;
  readonly [field: string]: unknown;
}

/** A running `fairlead edge`. */
export interface EdgeHost {
  readonly pid: number;
  readonly logs: () => string;
  /** The lines of its log with this message, or all. */
  lines(msg?: string): readonly EdgeLine[];
  /** How it ended, or undefined while it runs. */
  readonly ended: () => string | undefined;
  /** Tells it to end, as an init would. */
  signal(): void;
  /** Ends it and its Traefiks at once. */
  stop(): Promise<void>;
  /** SIGKILL of itself alone. */
  crash(): Promise<void>;
  /** SIGKILL of whatever Traefik it has started and left: after a test that failed the next ones need the ports. */
  killLeft(): void;
}

export interface EdgeHostOptions {
  /** Its folder: `fairlead-edge` in it holds the configurations. */
  readonly cwd: string;
  /** The URL of the provider listener. */
  readonly server: string;
  readonly args?: readonly string[];
}

export async function startEdge({ cwd, server, args = [] }: EdgeHostOptions): Promise<EdgeHost> {
  const program = await buildFairlead();
  const command = [program, 'edge', '--server', server, ...args];
  const child = await startChild(process.execPath, command, { cwd, env: hideOwnVariables() });
  const lines = (msg?: string): readonly EdgeLine[] =>
    child
      .logs()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line))
      .filter((line) => msg === undefined || line.msg === msg);
  return {
    pid: child.pid,
    logs: child.logs,
    lines,
    ended: child.ended,
    signal: () => void process.kill(child.pid, 'SIGTERM'),
    async stop() {
      if (child.ended() !== undefined) return;
      process.kill(child.pid, 'SIGTERM');
      const first = setInterval(() => {
        if (child.ended() === undefined) process.kill(child.pid, 'SIGTERM');
      }, 100);
      await child.stop();
      clearInterval(first);
    },
    crash: () => child.crash(),
    killLeft() {
      for (const { pid } of lines('Traefik started'))
        if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    },
  };
}

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
