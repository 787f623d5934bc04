import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { ConfigRevision, Published, Readiness } from '../model/published.ts';
import { Fetches } from './fetches.ts';

const compress = promisify(gzip);

/** A body with its revision: the beginning of its SHA-256, so that every replica gives equal state the same one. */
export function toRevision(body: Buffer): ConfigRevision {
  let compressed: Promise<Buffer> | undefined;
  return {
    revision: createHash('sha256').update(body).digest('hex').slice(0, 32),
    body,
    // The fastest level: the way to Traefik is short, and what waits for this is a change to be routed.
    gzip: () => (compressed ??= compress(body, { level: constants.Z_BEST_SPEED })),
  };
}

/** The current revisions, and who wants to hear of the next. */
export class Publisher implements Published {
  readonly fleets: readonly string[];
  readonly #current = new Map<string, ConfigRevision>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #fetches = new Fetches();
  #readiness: Readiness = { kind: 'starting', waitingFor: [] };

  constructor(fleets: readonly string[]) {
    this.fleets = fleets;
  }

  readiness(): Readiness {
    return this.#readiness;
  }

  current(fleet: string): ConfigRevision | undefined {
    return this.#readiness.kind === 'ready' ? this.#current.get(fleet) : undefined;
  }

  subscribe(fleet: string, changed: () => void): () => void {
    const listeners = this.#listeners.get(fleet) ?? new Set();
    this.#listeners.set(fleet, listeners.add(changed));
    return () => listeners.delete(changed);
  }

  /** Puts a document in place of the former one; returns whether its bytes differ. */
  publish(fleet: string, body: Buffer): boolean {
    const next = toRevision(body);
    if (this.#current.get(fleet)?.revision === next.revision) return false;
    this.#current.set(fleet, next);
    this.#fetches.published(fleet, next.revision);
    this.#notify(fleet);
    return true;
  }

  fetched(connection: object, fleet: string, revision: string): void {
    this.#fetches.fetched(connection, fleet, revision);
  }

  closed(connection: object): void {
    this.#fetches.closed(connection);
  }

  /** The number of the present document of a fleet: each further one has a higher one. */
  sequence(fleet: string): number {
    return this.#fetches.sequence(fleet);
  }

  /** The earliest of the documents of a fleet that those who poll it have fetched last; undefined when nobody polls it. */
  earliestFetched(fleet: string): number | undefined {
    return this.#fetches.earliest(fleet);
  }

  /** Calls `changed` whenever that may have changed. */
  onFetched(changed: () => void): void {
    this.#fetches.onChange(changed);
  }

  setReadiness(readiness: Readiness): void {
    const changed = readiness.kind !== this.#readiness.kind;
    this.#readiness = readiness;
    if (changed) for (const fleet of this.fleets) this.#notify(fleet);
  }

  #notify(fleet: string): void {
    // A copy: a listener may unsubscribe itself, or be followed by a new one, while this runs.
    for (const listener of Array.from(this.#listeners.get(fleet) ?? [])) listener();
  }
}
