import { resolve } from 'node:path';
import { parse } from 'yaml';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import type { ImportEntry } from './imports.ts';
import type { Mistake } from './mistake.ts';
import { isObject } from '../lib/raw-object.ts';

const maxBytes = 1024 * 1024;

/** The entries in the files of `imports`, by the place of the import in the list. */
export interface ImportFiles {
  readonly entries: ReadonlyMap<number, readonly ImportEntry[]>;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads the files of the section `imports`: values of the chart ingress-nginx, of which `tcp` or `udp` counts. What is no path is left to
 * the schema.
 */
export function readImportFiles(section: unknown, folder: string): ImportFiles {
  const entries = new Map<number, readonly ImportEntry[]>();
  const mistakes: Mistake[] = [];
  for (const [index, item] of (Array.isArray(section) ? section : []).entries()) {
    const { file, protocol }: Readonly<Record<string, unknown>> = isObject(item) ? item : {};
    if (typeof file !== 'string' || (protocol !== 'tcp' && protocol !== 'udp')) continue;
    const found = readEntries(resolve(folder, file), protocol);
    if (typeof found !== 'string') entries.set(index, found);
    else
      mistakes.push({
        path: ['imports', index, 'file'],
        message: found,
        got: JSON.stringify(file),
        hint: 'give the path of values of the chart ingress-nginx, relative to the configuration file',
      });
  }
  return { entries, mistakes };
}

/** The entries, or why there are none. */
function readEntries(path: string, protocol: 'tcp' | 'udp'): readonly ImportEntry[] | string {
  let values: unknown;
  try {
    values = parse(readRegularFileSync(path, maxBytes).toString());
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `names a file that cannot be read: ${reason.split('\n')[0] ?? ''}`;
  }
  const section = isObject(values) ? values[protocol] : undefined;
  if (!isObject(section)) return `names a file without a mapping ${protocol}`;
  return Object.entries(section).map(([key, value]) => [key, String(value)] as const);
}
