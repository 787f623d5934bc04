/** A text that is not a manifest: what is wrong with it, and where. Caught in this folder, where it becomes a problem. */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';
  /** Counted from 0, in UTF-16 code units. */
  readonly offset: number;

  /** `message` is one sentence that shows nothing of the text but keys: the text may hold secrets. */
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Deeper than any Kubernetes object, and shallow enough for recursion. */
export const maxDepth = 100;
