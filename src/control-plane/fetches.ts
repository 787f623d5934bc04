/** What a connection has fetched last. */
interface Fetch {
  readonly fleet: string;
  readonly sequence: number;
}

/** So many revisions of a fleet are known by their number. Who has an older one counts as having none. */
const maxRevisions = 64;

/** Counts the documents of each fleet, and knows which of them those that poll have. A poller is a connection. */
export class Fetches {
  readonly #sequences = new Map<string, number>();
  /** By fleet, the latest number of each revision, in their order. */
  readonly #revisions = new Map<string, Map<string, number>>();
  readonly #fetches = new Map<object, Fetch>();
  readonly #listeners: (() => void)[] = [];

  sequence(fleet: string): number {
    return this.#sequences.get(fleet) ?? 0;
  }

  onChange(changed: () => void): void {
    this.#listeners.push(changed);
  }

  published(fleet: string, revision: string): void {
    const sequence = this.sequence(fleet) + 1;
    this.#sequences.set(fleet, sequence);
    const revisions = this.#revisions.get(fleet) ?? new Map<string, number>();
    this.#revisions.set(fleet, revisions);
    revisions.delete(revision);
    revisions.set(revision, sequence);
    const [oldest] = revisions.keys();
    if (revisions.size > maxRevisions && oldest !== undefined) revisions.delete(oldest);
  }

  fetched(connection: object, fleet: string, revision: string): void {
    const sequence = this.#revisions.get(fleet)?.get(revision) ?? 0;
    const former = this.#fetches.get(connection);
    if (former?.fleet === fleet && former.sequence === sequence) return;
    this.#fetches.set(connection, { fleet, sequence });
    this.#report();
  }

  closed(connection: object): void {
    if (this.#fetches.delete(connection)) this.#report();
  }

  /** The earliest of the documents of a fleet that those who poll it have fetched last; undefined when nobody polls it. */
  earliest(fleet: string): number | undefined {
    let earliest: number | undefined;
    for (const fetch of this.#fetches.values())
      if (fetch.fleet === fleet) earliest = Math.min(earliest ?? Infinity, fetch.sequence);
    return earliest;
  }

  #report(): void {
    for (const changed of this.#listeners) changed();
  }
}
