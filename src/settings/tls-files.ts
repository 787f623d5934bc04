import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import type { Mistake } from './mistake.ts';
import type { ProviderTls } from './settings.ts';
import { isObject } from '../lib/raw-object.ts';
import type { ValuePath } from './value-path.ts';

const maxBytes = 1024 * 1024;

type Part = 'cert' | 'key' | 'clientCA';

/** The PEM texts, or null without TLS and when there are mistakes. */
export interface TlsFiles {
  readonly tls: ProviderTls | null;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads the files of `provider.tls`, and tries them as a server would. What has no paths in it is left to the schema,
 * so that these mistakes are reported together with all others.
 */
export function readTlsFiles(section: unknown, folder: string): TlsFiles {
  const mistakes: Mistake[] = [];
  const read = (part: Part) =>
    readPart(part, isObject(section) ? section[part] : undefined, folder, mistakes);
  const [cert, key, clientCA] = [read('cert'), read('key'), read('clientCA')];
  if (cert === undefined || key === undefined || mistakes.length > 0) return { tls: null, mistakes };
  const paths = isObject(section) ? [section['cert'], section['key'], section['clientCA']] : [];
  const files = paths.flatMap((path) => (typeof path === 'string' ? [resolve(folder, path)] : []));
  const why = findMismatch(cert, key);
  if (why) return { tls: null, mistakes: [why] };
  return { tls: { cert, key, ...(clientCA !== undefined && { clientCA }), files }, mistakes };
}

function findMismatch(cert: string, key: string): Mistake | undefined {
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    return toMistake('key', 'does not belong to the certificate in provider.tls.cert', undefined);
  }
  try {
    // Refuses, for example, keys that are too short for the security level of this Node.
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    return toMistake(
      'cert',
      `cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      undefined,
    );
  }
}

function readPart(part: Part, path: unknown, folder: string, mistakes: Mistake[]): string | undefined {
  if (typeof path !== 'string' || path === '') return undefined;
  try {
    const pem = readRegularFileSync(resolve(folder, path), maxBytes).toString();
    if (isPem(part, pem)) return pem;
    mistakes.push(
      toMistake(
        part,
        `holds no ${part === 'key' ? 'private key without a passphrase' : 'certificate'} in PEM`,
        path,
      ),
    );
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    mistakes.push(toMistake(part, `names a file that cannot be read: ${reason}`, path));
  }
  return undefined;
}

function isPem(part: Part, pem: string): boolean {
  try {
    return Boolean(part === 'key' ? createPrivateKey(pem) : new X509Certificate(pem));
  } catch {
    return false;
  }
}

function toMistake(part: Part, message: string, value: unknown): Mistake {
  const path: ValuePath = ['provider', 'tls', part];
  const shown = typeof value === 'string' ? { got: JSON.stringify(value) } : {};
  return {
    path,
    message,
    ...shown,
    hint: 'give the path of the right file, relative to the configuration file',
  };
}
