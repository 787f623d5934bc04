import { toDocumentName, type DocumentName } from '../../model/document-name.ts';
import type { Published } from '../../model/published.ts';
import type { Pollers } from '../provider/pollers.ts';

/** How many Traefiks have series of their own: those that polled last. */
const mostTraefiks = 200;
/** How many former revisions of a document are remembered. */
const mostRevisions = 100;

/** A Traefik, as far as its address tells. */
export interface TraefikAge {
  readonly fleet: string;
  readonly bank: number;
  readonly address: string;
  /** For how long it has not had the current revision, in seconds; 0: it has it. */
  readonly behindSeconds: number;
  /** Seconds since 1970. */
  readonly lastPoll: number;
}

/** Knows since when each former revision is not the current one any more. */
export class RevisionAges {
  readonly #published: Published;
  readonly #replaced = new Map<DocumentName, Map<string, number>>();
  readonly #startedAt = Date.now();
  /** On a clock that does not jump, as what was replaced when. */
  readonly #begun = performance.now();
  readonly #changedAt = new Map<DocumentName, number>();
  readonly #changed: (document: DocumentName) => void;
  readonly #stop: readonly (() => void)[];

  /** @param changed Called at each change of a document's revision, but for the first. */
  constructor(published: Published, changed: (document: DocumentName) => void) {
    this.#published = published;
    this.#changed = changed;
    this.#stop = published.documents.map((document) => {
      let last = published.current(document)?.revision;
      return published.subscribe(document, () => {
        const current = published.current(document)?.revision;
        if (current !== last) this.#changedAt.set(document, Date.now());
        if (last !== undefined && current !== last) this.#replace(document, last);
        last = current;
      });
    });
  }

  stop(): void {
    for (const stop of this.#stop) stop();
  }

  /** Since when this is known: RFC 3339, UTC. */
  get started(): string {
    return new Date(this.#startedAt).toISOString();
  }

  /** When a document became what it is, in milliseconds since 1970; undefined: it was so from the start. */
  changedAt(document: DocumentName): number | undefined {
    return this.#changedAt.get(document);
  }

  /** For how long a revision, or none, has not been the current one. */
  behindSeconds(document: DocumentName, revision: string | null): number {
    const since = this.#replaced.get(document)?.get(revision ?? '') ?? this.#begun;
    return (performance.now() - since) / 1_000;
  }

  /** One for each fleet, bank and address. */
  read(pollers: Pollers): readonly TraefikAge[] {
    const ages = new Map<string, TraefikAge>();
    for (const { fleet, bank, address, revision, current, lastSeen } of pollers.rows(this.#published)) {
      const document = toDocumentName(fleet, bank);
      const key = `${document} ${address}`;
      if (ages.size >= mostTraefiks || ages.has(key)) continue;
      const behindSeconds = current ? 0 : this.behindSeconds(document, revision);
      ages.set(key, { fleet, bank, address, behindSeconds, lastPoll: Date.parse(lastSeen) / 1_000 });
    }
    return [...ages.values()];
  }

  #replace(document: DocumentName, revision: string): void {
    const replaced = this.#replaced.get(document) ?? new Map<string, number>();
    replaced.delete(revision);
    this.#replaced.set(document, replaced.set(revision, performance.now()));
    for (const oldest of replaced.keys()) {
      if (replaced.size <= mostRevisions) break;
      replaced.delete(oldest);
    }
    this.#changed(document);
  }
}
