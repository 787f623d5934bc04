import type { ValuePath } from '../../kinds/expand-list.ts';

/** One document of a file: its value as JSON could say it, and where its parts stand in the text. */
export interface ManifestDocument {
  readonly value: unknown;
  /** The offset of the deepest part of the path that exists. */
  offsetOf(path: ValuePath): number;
}
