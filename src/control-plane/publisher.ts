import { gzipPieces } from '../lib/gzip-pieces.ts';
import { hashBody } from '../lib/hash-body.ts';
import { countBanks, type BankedFleet } from '../model/bank.ts';
import { listDocuments, parseDocumentName, type DocumentName } from '../model/document-name.ts';
import type { Moment } from '../model/moment.ts';
import type { ConfigRevision, Published, Readiness } from '../model/published.ts';
import { markRevision } from '../traefik/revision-mark.ts';
import { Fetches } from './fetches.ts';
import { HostPolls } from './host-polls.ts';

/**
 * A document and its revision, which stands in the body, so that every replica gives equal state the same one.
 * @param pieces The document, in order.
 */
export function toRevision(pieces: readonly Buffer[], changedAt?: number): ConfigRevision {
  let compressed: Promise<Buffer> | undefined;
  const revision = hashBody(pieces);
  const body = markRevision(pieces, revision);
  return {
    revision,
    body,
    bytes: body.reduce((sum, piece) => sum + piece.length, 0),
    ...(changedAt !== undefined && { changedAt }),
    gzip: () =>
      (compressed ??= gzipPieces(body).catch((error: unknown) => {
        // Memory was short, perhaps. This revision may stand for days, and the next poll is to have it.
        compressed = undefined;
        throw error;
      })),
  };
}

/** The current revisions, and who wants to hear of the next. */
export class Publisher implements Published {
  readonly fleets: readonly string[];
  readonly documents: readonly DocumentName[];
  /** Which hosts poll which documents now. */
  readonly hosts = new HostPolls();
  readonly #current = new Map<string, ConfigRevision>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #fetches = new Fetches();
  #readiness: Readiness = { kind: 'starting', waitingFor: [] };

  /** @param banks How many banks a fleet can have. */
  constructor(fleets: readonly string[], banks: (fleet: string) => number = () => 1) {
    this.fleets = fleets;
    this.documents = fleets.flatMap((fleet) => listDocuments(fleet, banks(fleet)));
  }

  /** With a document for each bank that these fleets can have. */
  static of(fleets: readonly (BankedFleet & { readonly name: string })[]): Publisher {
    const banks = new Map(fleets.map((fleet) => [fleet.name, countBanks(fleet)]));
    return new Publisher([...banks.keys()], (fleet) => banks.get(fleet) ?? 1);
  }

  readiness(): Readiness {
    return this.#readiness;
  }

  current(document: DocumentName): ConfigRevision | undefined {
    return this.#readiness.kind === 'ready' ? this.#current.get(document) : undefined;
  }

  subscribe(document: DocumentName, changed: () => void): () => void {
    const listeners = this.#listeners.get(document) ?? new Set();
    this.#listeners.set(document, listeners.add(changed));
    return () => listeners.delete(changed);
  }

  /**
   * Puts a document in place of the former one; returns whether its bytes differ.
   * @param pieces The document, in order.
   * @param changedAt When the change arrived that it carries; see `ConfigRevision`.
   */
  publish(document: DocumentName, pieces: readonly Buffer[], changedAt?: number): boolean {
    // What there was at the start is no change.
    const next = toRevision(pieces, this.#readiness.kind === 'ready' ? changedAt : undefined);
    if (this.#current.get(document)?.revision === next.revision) return false;
    this.#current.set(document, next);
    this.#fetches.published(document, next.revision);
    this.#notify(document);
    return true;
  }

  /** Publishes the documents that have changed, and those that never were published. */
  publishChanged(
    changed: ReadonlySet<DocumentName>,
    toPieces: (fleet: string, bank: number) => readonly Buffer[],
    changedAt?: number,
  ): void {
    for (const document of this.documents) {
      if (!changed.has(document) && this.#current.has(document)) continue;
      const { fleet, bank } = parseDocumentName(document);
      this.publish(document, toPieces(fleet, bank), changedAt);
    }
  }

  fetched(connection: object, document: DocumentName, revision: string): void {
    this.#fetches.fetched(connection, document, revision);
  }

  closed(connection: object): void {
    this.#fetches.closed(connection);
    this.hosts.closed(connection);
  }

  polled(connection: object, document: DocumentName, host: string): void {
    this.hosts.polled(connection, document, host);
  }

  /** The number of the present state of a document: each further one has a higher one. */
  sequence(document: DocumentName): number {
    return this.#fetches.sequence(document);
  }

  /** The number of the last state with a revision; undefined when there is none that is still known. */
  sequenceOf(document: DocumentName, revision: string): number | undefined {
    return this.#fetches.sequenceOf(document, revision);
  }

  /** When another revision took the place of this one: milliseconds since 1970. Undefined of the present one, and where that is not known. */
  replacedAt(document: DocumentName, revision: string): Moment | undefined {
    return this.#fetches.replacedAt(document, revision);
  }

  /** The earliest of the states of a document that those who poll it have fetched last; undefined when nobody polls it. */
  earliestFetched(document: DocumentName): number | undefined {
    return this.#fetches.earliest(document);
  }

  /** Calls `changed` whenever that may have changed. */
  onFetched(changed: () => void): void {
    this.#fetches.onChange(changed);
  }

  setReadiness(readiness: Readiness): void {
    const changed = readiness.kind !== this.#readiness.kind;
    this.#readiness = readiness;
    if (changed) for (const document of this.documents) this.#notify(document);
  }

  #notify(document: DocumentName): void {
    // A copy: a listener may unsubscribe itself, or be followed by a new one, while this runs.
    for (const listener of Array.from(this.#listeners.get(document) ?? [])) listener();
  }
}
