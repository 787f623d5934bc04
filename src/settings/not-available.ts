import type { Mistake } from './mistake.ts';
import { isRecord, valueAt, type ValuePath } from './value-path.ts';

/**
 * What the configuration file may say by its format, but this version cannot do: each use is refused, so that nothing
 * runs with less than was asked for. A version that reads clusters deletes this file.
 */
export function findNotAvailable(document: unknown): Mistake[] {
  const mistakes: Mistake[] = [];
  const refuse = (path: ValuePath, what: string, hint: string) => {
    mistakes.push({ path, message: `${what} not available in this version`, hint });
  };
  const sources = valueAt(document, ['sources']);
  for (const [index, source] of (Array.isArray(sources) ? sources : []).entries()) {
    if (!isRecord(source) || source['kubernetes'] === undefined) continue;
    refuse(['sources', index, 'kubernetes'], 'cluster sources are', 'use a directory source');
  }
  const imports = valueAt(document, ['imports']);
  if (Array.isArray(imports) && imports.length > 0) {
    refuse(['imports'], 'imports are', 'remove it, and annotate the Services');
  }
  for (const name of ['configMap', 'source']) {
    if (valueAt(document, ['ledger', name]) === undefined) continue;
    refuse(['ledger', name], 'a ledger in a cluster is', 'use file: ./fairlead-ports.json');
  }
  const lastKnownGood = valueAt(document, ['lastKnownGood']);
  if (lastKnownGood !== undefined && lastKnownGood !== null) {
    refuse(['lastKnownGood'], 'keeping the last objects of a cluster is', 'remove it');
  }
  return mistakes;
}
