import { LineCounter, parseDocument } from 'yaml';
import { toErrorCode } from '../lib/error-text.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import { KubeConfigError } from './access-error.ts';

/**
 * Reads a kubeconfig as plain data. No message repeats what is in the file: credentials are.
 * @throws KubeConfigError when it cannot be read, or is no YAML object.
 */
export function readKubeConfigFile(path: string): RawObject {
  const lines = new LineCounter();
  // Anchors and merge keys are what kubectl takes as well.
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.code.toLowerCase().replaceAll('_', ' ');
    throw toMistake(`the kubeconfig ${path}:${line}:${col} is not valid YAML: ${what}`, 'mend its syntax');
  }
  const value = toValue(() => document.toJS());
  if (isObject(value)) return value;
  const kind = value === null || value === undefined ? 'is empty' : 'is not a kubeconfig';
  throw toMistake(`the file ${path} ${kind}`, 'name the file that kubectl works with');
}

const maxBytes = 16 * 1024 * 1024;

const fileTroubles: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file', 'put it there, or mend the path'],
  ENOTDIR: ['a part of the path is no folder', 'mend the path'],
  EISDIR: ['it is a folder', 'name the file in it'],
  EACCES: ['Fairlead may not read it', 'give the user that Fairlead runs as the right to read it'],
  NOT_REGULAR: ['it is a device or a pipe', 'name a regular file'],
};

function readText(path: string): string {
  try {
    return readRegularFileSync(path, maxBytes).toString();
  } catch (error) {
    const code = toErrorCode(error) ?? String(error);
    const [why, hint] = fileTroubles[code] ?? ['reading failed', 'check the path and its rights'];
    throw toMistake(`the kubeconfig ${path} cannot be read: ${why} (${code})`, hint);
  }
}

function toValue(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    // Anchors that are not there, or that unfold to more than the parser allows.
    return 'broken anchors';
  }
}

function toMistake(message: string, hint: string): KubeConfigError {
  return new KubeConfigError('kubeconfig', message, hint);
}
