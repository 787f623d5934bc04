import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that can be filled, in the mount namespace of the run. */
export interface SmallDisk {
  readonly path: string;
  /** To the last byte. */
  fill(): void;
  free(): void;
  stop(): Promise<void>;
}

const chunk = Buffer.alloc(64 * 1024);

/** @throws Error where nothing can be mounted. */
export function mountSmallDisk(path: string, size = '4m'): SmallDisk {
  mkdirSync(path);
  run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'fairlead-endurance', path);
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      const file = openSync(filler, 'w');
      try {
        for (let length = chunk.length; length > 0;) length = write(file, length) ? length : length >> 1;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    stop: () => Promise.resolve(run('umount', '-l', path)),
  };
}

/** False when there is no room for so much. */
function write(file: number, length: number): boolean {
  try {
    return writeSync(file, chunk, 0, length) > 0;
  } catch {
    return false;
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
