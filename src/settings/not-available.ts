import type { Mistake } from './mistake.ts';
import { valueAt } from './value-path.ts';

/**
 * What the configuration file may say by its format, but this version cannot do: refused, so that nothing runs with less
 * than was asked for.
 */
export function findNotAvailable(document: unknown): Mistake[] {
  const imports = valueAt(document, ['imports']);
  if (!Array.isArray(imports) || imports.length === 0) return [];
  const message = 'imports are not available in this version';
  return [{ path: ['imports'], message, hint: 'remove it, and annotate the Services' }];
}
