import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A user that a server runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Debian keeps the programs of each version of PostgreSQL in a folder of its own. */
const postgresRoot = '/usr/lib/postgresql';

function listFolders(): readonly string[] {
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  try {
    const versions = readdirSync(postgresRoot).sort((a, b) => Number(b) - Number(a));
    return [...versions.map((version) => join(postgresRoot, version, 'bin')), ...path, '/usr/sbin'];
  } catch {
    return [...path, '/usr/sbin'];
  }
}

/** The program of this name; undefined when there is none. */
export function findServerProgram(name: string): string | undefined {
  return listFolders()
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * The programs of a server and its client, by their names. Undefined, with a line on the console that names what is skipped, when one
 * of them is not there, or this process cannot run it as another user. @throws Error instead when FAIRLEAD_E2E is `required`.
 */
export function findPrograms<N extends string>(
  skipped: string,
  names: readonly N[],
): Readonly<Record<N, string>> | undefined {
  const found = new Map(names.map((name) => [name, findServerProgram(name)]));
  const missing = [...found].flatMap(([name, path]) => (path === undefined ? `no ${name}` : []));
  if (process.getuid?.() !== 0) missing.push('not root, so no server can be run as another user');
  if (missing.length === 0) return Object.fromEntries(found) as Record<N, string>;
  if (process.env['FAIRLEAD_E2E'] === 'required')
    throw new Error(`FAIRLEAD_E2E=required, and ${missing.join(', ')}`);
  console.log(`!!  SKIPPED: ${skipped}: ${missing.join(', ')}`);
  return undefined;
}

/** Nobody's, where the system has no user of this name. */
export function findUser(name: string): User {
  const toId = (flag: string): number => {
    try {
      return Number(
        execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      );
    } catch {
      return 65_534;
    }
  };
  return { uid: toId('-u'), gid: toId('-g') };
}

/** A folder that the user can reach, unlike the one for temporary files of this run. */
export function makeFolderFor({ uid, gid }: User): { readonly path: string; stop(): Promise<void> } {
  const path = mkdtempSync('/tmp/fairlead-server-');
  chownSync(path, uid, gid);
  return {
    path,
    stop: () => {
      rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
