import { startChild, type Child } from './child.ts';
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
    stop: () => stopEdge(child),
    crash: () => child.crash(),
    killLeft() {
      for (const { pid } of lines('Traefik started'))
        if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    },
  };
}

/** Ends a `fairlead edge` and its Traefiks at once, which a second signal asks for. */
export async function stopEdge(edge: Child): Promise<void> {
  if (edge.ended() !== undefined) return;
  process.kill(edge.pid, 'SIGTERM');
  const second = setInterval(() => {
    if (edge.ended() === undefined) process.kill(edge.pid, 'SIGTERM');
  }, 100);
  await edge.stop();
  clearInterval(second);
}

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
