import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** An absolute path: `~` and `~/x` are in the home folder of this user, anything else counts from `folder`. */
export function resolveHome(folder: string, path: string, home = homedir()): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(folder, path);
}
