import { toMoment } from '../lib/moment.ts';
import type { DocumentName } from '../model/document-name.ts';
import type { Moment } from '../model/moment.ts';

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
  /** By document, when another revision took the place of one. */
  readonly #replaced = new Map<string, Map<string, Moment>>();
  readonly #fetches = new Map<object, Fetch>();
  readonly #listeners: (() => void)[] = [];

  sequence(document: DocumentName): number {
    return this.#sequences.get(document) ?? 0;
  }

  /** The number of the last state with a revision; undefined when it is none of the last. */
  sequenceOf(document: DocumentName, revision: string): number | undefined {
    return this.#revisions.get(document)?.get(revision);
  }

  /** When another revision took the place of this one. Undefined of the present one, and where that is not known. */
  replacedAt(document: DocumentName, revision: string): Moment | undefined {
    return this.#replaced.get(document)?.get(revision);
  }

  onChange(changed: () => void): void {
    this.#listeners.push(changed);
  }

  published(document: DocumentName, revision: string): void {
    const sequence = this.sequence(document) + 1;
    this.#sequences.set(document, sequence);
    const revisions = this.#revisions.get(document) ?? new Map<string, number>();
    this.#revisions.set(document, revisions);
    const replaced = this.#replaced.get(document) ?? new Map<string, Moment>();
    this.#replaced.set(document, replaced);
    const former = [...revisions.keys()].at(-1);
    if (former !== undefined) replaced.set(former, toMoment());
    replaced.delete(revision);
    revisions.delete(revision);
    revisions.set(revision, sequence);
    const [oldest] = revisions.keys();
    if (revisions.size <= maxRevisions || oldest === undefined) return;
    revisions.delete(oldest);
    replaced.delete(oldest);
  }

  fetched(connection: object, document: DocumentName, revision: string): void {
    const sequence = this.sequenceOf(document, revision) ?? 0;
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
