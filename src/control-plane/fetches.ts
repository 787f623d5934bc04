import type { DocumentName } from '../model/document-name.ts';

/** What a connection has fetched last. */
interface Fetch {
  readonly document: DocumentName;
  readonly sequence: number;
}

/** So many revisions of a document are known by their number. Who has an older one counts as having none. */
const maxRevisions = 64;

/** Counts the states of each document, and knows which of them those that poll have. A poller is a connection. */
export class Fetches {
  readonly #sequences = new Map<string, number>();
  /** By document, the latest number of each revision, in their order. */
  readonly #revisions = new Map<string, Map<string, number>>();
  readonly #fetches = new Map<object, Fetch>();
  readonly #listeners: (() => void)[] = [];

  sequence(document: DocumentName): number {
    return this.#sequences.get(document) ?? 0;
  }

  onChange(changed: () => void): void {
    this.#listeners.push(changed);
  }

  published(document: DocumentName, revision: string): void {
    const sequence = this.sequence(document) + 1;
    this.#sequences.set(document, sequence);
    const revisions = this.#revisions.get(document) ?? new Map<string, number>();
    this.#revisions.set(document, revisions);
    revisions.delete(revision);
    revisions.set(revision, sequence);
    const [oldest] = revisions.keys();
    if (revisions.size > maxRevisions && oldest !== undefined) revisions.delete(oldest);
  }

  fetched(connection: object, document: DocumentName, revision: string): void {
    const sequence = this.#revisions.get(document)?.get(revision) ?? 0;
    const former = this.#fetches.get(connection);
    if (former?.document === document && former.sequence === sequence) return;
    this.#fetches.set(connection, { document, sequence });
    this.#report();
  }

  closed(connection: object): void {
    if (this.#fetches.delete(connection)) this.#report();
  }

  /** The earliest of the states of a document that those who poll it have fetched last; undefined when nobody polls it. */
  earliest(document: DocumentName): number | undefined {
    let earliest: number | undefined;
    for (const fetch of this.#fetches.values())
      if (fetch.document === document) earliest = Math.min(earliest ?? Infinity, fetch.sequence);
    return earliest;
  }

  #report(): void {
    for (const changed of this.#listeners) changed();
  }
}
