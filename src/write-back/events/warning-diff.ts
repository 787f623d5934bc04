import type { EventName } from './event.ts';
import type { Warning } from './plan-warnings.ts';

/** A Warning that should be there. */
export class WantedWarning {
  readonly key: string;
  readonly warning: Warning;
  /** The Event that told other words of the same object and code before. */
  readonly former: EventName | undefined;
  /** As far as is known. */
  isThere = false;
  readonly #toEvent: (warning: Warning) => EventName;
  #event: EventName | undefined;

  constructor(
    key: string,
    warning: Warning,
    former: EventName | undefined,
    toEvent: (warning: Warning) => EventName,
  ) {
    this.key = key;
    this.warning = warning;
    this.former = former;
    this.#toEvent = toEvent;
  }

  /** Its Event. Made when it is asked for: for thousands at once it takes a while. */
  get event(): EventName {
    this.#event ??= this.#toEvent(this.warning);
    return this.#event;
  }
}

/**
 * What is left to do until exactly the wanted Warnings are in a cluster. It keeps nothing but what is wanted, and what has to be
 * deleted. Whoever sends a request says so before and after: what is wanted may change while it is under way.
 */
export class WarningDiff {
  readonly #toEvent: (warning: Warning) => EventName;
  readonly #mostTries: number;
  #wanted: ReadonlyMap<string, Warning> = new Map();
  readonly #entries = new Map<string, WantedWarning>();
  readonly #missing = new Set<WantedWarning>();
  readonly #outdated = new Set<EventName>();
  /** How often the server failed over an Event that is wanted or there. */
  #failures = new Map<EventName, number>();

  constructor(toEvent: (warning: Warning) => EventName, mostTries: number) {
    this.#toEvent = toEvent;
    this.#mostTries = mostTries;
  }

  /** What is to be created. */
  get missing(): Iterable<WantedWarning> {
    return this.#missing;
  }

  /** What is to be deleted. */
  get outdated(): ReadonlySet<EventName> {
    return this.#outdated;
  }

  /** How many Events it knows of. */
  get size(): number {
    return this.#entries.size + this.#outdated.size;
  }

  /** Takes over what should be there. Warnings that are the very same objects as the last time cost next to nothing. */
  want(wanted: ReadonlyMap<string, Warning>): void {
    for (const key of this.#wanted.keys()) if (!wanted.has(key)) this.#replace(key, undefined);
    for (const [key, warning] of wanted) {
      if (this.#wanted.get(key) !== warning) this.#replace(key, warning);
    }
    this.#wanted = wanted;
  }

  /** Spares `compare` some work, a part of it in each turn of the event loop. */
  async prepare(turn: <T>(work: () => T) => Promise<T>): Promise<void> {
    const entries = [...this.#entries.values()];
    for (let at = 0; at < entries.length; at += 100)
      await turn(() => entries.slice(at, at + 100).map(({ event }) => event));
  }

  /** Takes over what is there: all of it, or as much as could be read. Returns whether anything is given up. */
  compare(there: ReadonlySet<EventName>, isAll: boolean): boolean {
    const failures = new Map<EventName, number>();
    const mayTry = (event: EventName): boolean => {
      const count = this.#failures.get(event);
      if (count !== undefined) failures.set(event, count);
      return (count ?? 0) < this.#mostTries;
    };
    const unwanted = new Set(isAll ? there : [...this.#outdated, ...there]);
    this.#missing.clear();
    this.#outdated.clear();
    for (const entry of this.#entries.values()) {
      entry.isThere = unwanted.delete(entry.event) || (!isAll && entry.isThere);
      if (!entry.isThere && mayTry(entry.event)) this.#missing.add(entry);
    }
    for (const event of unwanted) if (mayTry(event)) this.#outdated.add(event);
    this.#failures = failures;
    return [...failures.values()].some((count) => count >= this.#mostTries);
  }

  /** What was given up is worth new tries. */
  forgive(): void {
    this.#failures.clear();
  }

  creating(entry: WantedWarning): void {
    this.#missing.delete(entry);
    entry.isThere = true;
  }

  /** The server will not have it: it is not tried again before the next comparison. */
  notCreated(entry: WantedWarning): void {
    const current = this.#entries.get(entry.key);
    if (current?.event === entry.event) current.isThere = false;
    else this.#outdated.delete(entry.event);
  }

  /** It may not be created now, but later. */
  creationDenied(entry: WantedWarning): void {
    this.notCreated(entry);
    const current = this.#entries.get(entry.key);
    if (current?.isThere === false) this.#missing.add(current);
  }

  /** It may not be deleted now, but later. */
  deletionDenied(event: EventName): void {
    for (const entry of this.#entries.values()) if (entry.event === event) return;
    this.#outdated.add(event);
  }

  deleting(event: EventName): void {
    this.#outdated.delete(event);
  }

  /** The request for it was carried out. */
  succeeded(event: EventName): void {
    this.#failures.delete(event);
  }

  /** Nobody knows whether a request had an effect. Compare, before anything else is sent. */
  failed(event: EventName): void {
    this.#failures.set(event, (this.#failures.get(event) ?? 0) + 1);
    for (const entry of this.#entries.values()) {
      if (entry.event !== event) continue;
      entry.isThere = false;
      return;
    }
    this.#outdated.add(event);
  }

  #replace(key: string, warning: Warning | undefined): void {
    const known = this.#entries.get(key);
    const former = known?.isThere === true ? known.event : known?.former;
    const next = warning === undefined ? undefined : new WantedWarning(key, warning, former, this.#toEvent);
    if (known !== undefined && known.event === next?.event) return;
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#missing.delete(known);
      if (known.isThere) this.#outdated.add(known.event);
    }
    if (next === undefined) return;
    next.isThere = this.#outdated.size > 0 && this.#outdated.delete(next.event);
    this.#entries.set(key, next);
    if (!next.isThere) this.#missing.add(next);
  }
}
