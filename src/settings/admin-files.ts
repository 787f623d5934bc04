import { resolve } from 'node:path';
import type { Parsed } from '../lib/parsed.ts';
import { parsePasswordHash } from '../lib/password-hash.ts';
import { isObject } from '../lib/raw-object.ts';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import type { Mistake } from './mistake.ts';
import { parseToken } from './names.ts';
import { valueAt, type ValuePath } from './value-path.ts';

const maxBytes = 65_536;

/** A secret that stands in a file. */
export interface SecretFile {
  readonly text: string;
  /** Absolute. */
  readonly file: string;
}

/** What the files of the section `admin` hold, by the place of the user or token in its list. */
export interface AdminFiles {
  readonly users: ReadonlyMap<number, SecretFile>;
  readonly tokens: ReadonlyMap<number, SecretFile>;
  readonly mistakes: readonly Mistake[];
}

/** Reads the files of the section `admin`. What is no path is left to the schema. No mistake repeats what is in a file. */
export function readAdminFiles(section: unknown, folder: string): AdminFiles {
  const mistakes: Mistake[] = [];
  const read = (list: string, field: string, parse: (text: string) => Parsed<unknown>) => {
    const items = valueAt(section, [list]);
    const found = new Map<number, SecretFile>();
    for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
      const path: unknown = isObject(item) ? item[field] : undefined;
      if (typeof path !== 'string' || path === '') continue;
      const result = readSecret(resolve(folder, path), parse);
      if ('text' in result) found.set(index, result);
      else mistakes.push(toMistake(['admin', list, index, field], path, result));
    }
    return found;
  };
  const users = read('users', 'passwordHashFile', parsePasswordHash);
  return { users, tokens: read('tokens', 'tokenFile', parseToken), mistakes };
}

type Complaint = Pick<Mistake, 'hint' | 'message'>;

function readSecret(file: string, parse: (text: string) => Parsed<unknown>): Complaint | SecretFile {
  let text: string;
  try {
    text = readRegularFileSync(file, maxBytes).toString().trim();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const hint = 'give the path of the right file, relative to the configuration file';
    return { message: `names a file that cannot be read: ${reason}`, hint };
  }
  const parsed = parse(text);
  return parsed.ok
    ? { text, file }
    : { message: `names a file whose text ${parsed.message}`, hint: parsed.hint };
}

function toMistake(path: ValuePath, file: string, complaint: Complaint): Mistake {
  return { path, got: JSON.stringify(file), ...complaint };
}
