import type { ValuePath } from '../../kinds/expand-list.ts';

/** A key that stands in a mapping once more. */
export interface RepeatedKey {
  readonly key: string;
  readonly offset: number;
}

/** So many of them are reported of one document. */
export const maxRepeated = 20;

/** One document of a file: its value as JSON could say it, and where its parts stand in the text. */
export interface ManifestDocument {
  readonly value: unknown;
  /** Keys that stand twice in one mapping, of which the last one counts. */
  readonly repeated: readonly RepeatedKey[];
  /** The offset of the deepest part of the path that exists. */
  offsetOf(path: ValuePath): number;
}
