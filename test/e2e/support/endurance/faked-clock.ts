import { existsSync, writeFileSync } from 'node:fs';

const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/lib64'].map(
  (folder) => `${folder}/faketime/libfaketime.so.1`,
);

/** The clock of processes, which can be put forward and back while they run. */
export interface FakedClock {
  /** What these processes are to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds, from the clock of the machine. */
  set(seconds: number): void;
}

/**
 * By libfaketime (package libfaketime), through a file that it reads once in a second. As when an administrator sets a clock, what counts
 * time since the start of the machine goes on as it was. Undefined where the library is not installed.
 */
export function fakeClock(file: string): FakedClock | undefined {
  const library = libraries.find((path) => existsSync(path));
  if (library === undefined) return undefined;
  const set = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
  };
}
