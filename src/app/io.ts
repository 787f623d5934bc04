import type { Environment } from '../settings/environment.ts';

/** What a command may touch of the process it runs in. Only `main.ts` knows the process itself. */
export interface Io {
  /** Of the program. */
  readonly version: string;
  /** Of the sources it was built of; empty or absent where that is not known. */
  readonly commit?: string;
  /** Whether it was started as `kubectl fairlead`. */
  readonly isPlugin?: boolean;
  readonly env: Environment;
  readonly cwd: string;
  /** Writes text to standard output; a result that a program may read. */
  out(text: string): void;
  /** Writes text to standard error: problems and hints. */
  err(text: string): void;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
  /** What comes over standard input: all of it, or more than `limit` bytes. Absent where there is none. */
  readonly readInput?: (limit: number) => Promise<Buffer>;
  /** Whether standard output is a terminal. */
  readonly isScreen?: boolean;
  /** Whether problems may be coloured. */
  readonly colours: boolean;
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>;
  /** The process ends at once when it is asked to stop a second time; it calls this before. */
  readonly onSecondStop?: (listener: () => void) => void;
  /** From now on the process does not end when it hears that its terminal is gone (SIGHUP), but calls this. */
  onHangup(listener: () => void): void;
}
