import type { DocumentName } from '../model/document-name.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { PoolProtocol, Port } from '../model/port.ts';
import type { HeldPort, LedgerEntry, LedgerState } from '../model/ports.ts';
import { toClaimKey, toHoldKey, toPortKey, type PortKey } from '../ports/claim.ts';
import type { Publisher } from './publisher.ts';

/**
 * Whether the Traefiks that can be asked serve a port. `waits`: a host reports that one does not yet, and is waited for as one that
 * does not fetch it. Undefined: nobody can say.
 */
export type ServedAnswer = boolean | 'waits' | undefined;

export interface AnnouncementOptions {
  readonly published: Pick<Publisher, 'current' | 'earliestFetched' | 'onFetched' | 'sequence'>;
  /** The document that has the router of a port. */
  readonly documentOf: (held: HeldPort) => DocumentName;
  /** How long a port waits at the most. */
  readonly afterMs: number;
  /** Ports of these holders may be announced from now on. */
  readonly released: (holders: readonly ObjectKey[]) => void;
  /**
   * Whether the Traefiks that can be asked serve a port, since a state of its document; undefined where none can. What one of them does not
   * serve is not announced, however long it takes.
   */
  readonly served?: (held: HeldPort, document: DocumentName, sequence: number) => ServedAnswer;
  /** How long a Traefik may take to apply a document of so many bytes that it has fetched; default by what is known of Traefik. */
  readonly applyMs?: (bytes: number) => number;
}

/** The pool ports that objects lead on which do not hold them: routes of the Gateway API those of listeners. */
export type LedPorts = ReadonlyMap<ObjectKey, readonly LedPort[]>;

interface LedPort {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  readonly port: Port;
}

/** A port that is to be announced for an object. */
interface Announced {
  readonly unit: ObjectKey;
  readonly held: HeldPort;
}

interface Pending extends Announced {
  readonly document: DocumentName;
  /** The first state of the document that has the port. */
  readonly sequence: number;
  /** When it is announced though not every Traefik of its bank has fetched that state. */
  readonly latest: number;
  /** When all that had fetched it have applied it. */
  applied: number | undefined;
}

/**
 * Nobody says when Traefik has applied a document. It takes `providersThrottleDuration` (100 ms in the configuration that Fairlead prints) and
 * half a second of a core for each megabyte. Cores are shared with others: on a machine with ten times as much to do as it can, a small
 * document took a second.
 */
function toApplyMs(bytes: number): number {
  return 1_500 + bytes / 1_000;
}

/**
 * Which ports may be announced by annotations and Events: those that every Traefik of their bank that polls this replica has fetched, or that have
 * waited for long enough. Whoever connects as soon as a port is announced is to be answered.
 */
export class Announcements {
  readonly #options: AnnouncementOptions;
  #announced: ReadonlySet<string> | undefined;
  #pending: ReadonlyMap<string, Pending> = new Map();
  #seen: LedgerState | undefined;
  #led: LedPorts = new Map();
  #ledger: LedgerState = { entries: [] };
  #lastAnnounced: LedgerState = { entries: [] };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    // Called for each Traefik and revision, and mostly nothing waits.
    options.published.onFetched(() => {
      if (this.#pending.size > 0) this.#check();
    });
  }

  /** What Traefiks say they serve has changed. */
  look(): void {
    this.#check();
  }

  /** What is durable, without the ports that may not be announced yet: the same object for as long as it is the same. */
  get ledger(): LedgerState {
    return this.#ledger;
  }

  /**
   * `ledger`, with what a port that may not be announced yet replaces still in it: the former port of its claim, and what cooled down
   * on its number. Two of these show what has become of a claim, a move as a move. A ledger that is lost changes nothing in it.
   */
  get lastAnnounced(): LedgerState {
    return this.#lastAnnounced;
  }

  /**
   * Takes over the ledger that the documents which have just been published hold, and what leads on its ports. Those of the first time
   * have been announced before.
   */
  update(ledger: LedgerState, led: LedPorts = this.#led): void {
    if (ledger === this.#seen && led === this.#led) return;
    this.#seen = ledger;
    this.#led = led;
    const all = listAnnounced(ledger, led);
    const announced = this.#announced ?? new Set(all.keys());
    const pending = new Map<string, Pending>();
    for (const [key, each] of all)
      if (!announced.has(key)) pending.set(key, this.#pending.get(key) ?? this.#toPending(each));
    this.#announced = new Set([...all.keys()].filter((key) => announced.has(key)));
    this.#pending = pending;
    this.#check(false);
  }

  /** Whether connections to a port reach what an object leads them to, as far as that may be announced: it need not hold the port. */
  isLed(unit: ObjectKey, held: HeldPort): boolean {
    return this.#announced?.has(toLedKey(unit, held)) === true;
  }

  /** Nothing is announced any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#pending = new Map();
  }

  #toPending(of: Announced): Pending {
    const { published, documentOf, afterMs } = this.#options;
    const document = documentOf(of.held);
    const sequence = published.sequence(document);
    return { ...of, document, sequence, latest: performance.now() + afterMs, applied: undefined };
  }

  #check(reports = true): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    const announced = new Set(this.#announced);
    const due: ObjectKey[] = [];
    let nextAt = Infinity;
    const earliest = this.#toEarliest();
    for (const [key, pending] of this.#pending) {
      const at = this.#dueAt(pending, earliest.get(pending.document), now);
      if (at > now) nextAt = Math.min(nextAt, at);
      else {
        announced.add(key);
        due.push(pending.unit);
      }
    }
    this.#announced = announced;
    this.#pending = new Map([...this.#pending].filter(([key]) => !announced.has(key)));
    if (due.length > 0 || !reports) {
      this.#ledger = this.#toLedger();
      // What is given back cools down in it: it is empty only when it is lost, and made again then.
      if (this.#seen?.entries.length !== 0) this.#lastAnnounced = this.#withReplaced(this.#ledger);
    }
    if (nextAt < Infinity) this.#timer = setTimeout(() => this.#check(), Math.max(1, nextAt - now));
    if (due.length > 0 && reports) this.#options.released(due);
  }

  #toEarliest(): ReadonlyMap<DocumentName, number | undefined> {
    const { published } = this.#options;
    const documents = new Set([...this.#pending.values()].map(({ document }) => document));
    return new Map([...documents].map((document) => [document, published.earliestFetched(document)]));
  }

  #dueAt(pending: Pending, earliest: number | undefined, now: number): number {
    const isServed = this.#options.served?.(pending.held, pending.document, pending.sequence);
    if (isServed === 'waits') return pending.latest;
    if (isServed !== undefined) return isServed ? now : Infinity;
    // Nobody polls: nobody could be waited for.
    if (earliest === undefined) return now;
    const { published, applyMs = toApplyMs } = this.#options;
    const bytes = published.current(pending.document)?.bytes ?? 0;
    pending.applied = earliest < pending.sequence ? undefined : (pending.applied ?? now + applyMs(bytes));
    return Math.min(pending.latest, pending.applied ?? Infinity);
  }

  #toLedger(): LedgerState {
    const ledger = this.#seen ?? { entries: [] };
    if (this.#pending.size === 0) return ledger;
    const entries = ledger.entries.filter((entry) => !isHeld(entry) || !this.#pending.has(toHoldKey(entry)));
    return entries.length === ledger.entries.length ? ledger : { ...ledger, entries };
  }

  #withReplaced(ledger: LedgerState): LedgerState {
    if (this.#pending.size === 0) return ledger;
    const pending = [...this.#pending].flatMap(([key, { held }]) => (key === toHoldKey(held) ? held : []));
    const claims = new Set(pending.map(toClaimKey));
    const ports = new Set(pending.flatMap(toPortKeys));
    const replaced = this.#lastAnnounced.entries.filter((entry) =>
      isHeld(entry) ? claims.has(toClaimKey(entry)) : toPortKeys(entry).some((port) => ports.has(port)),
    );
    return { ...ledger, entries: [...ledger.entries, ...replaced] };
  }
}

/** All that is announced: of each holder its ports, and of each other object those that it leads on. */
function listAnnounced(ledger: LedgerState, led: LedPorts): ReadonlyMap<string, Announced> {
  const all = new Map<string, Announced>();
  const byPort = new Map<PortKey, HeldPort>();
  for (const held of ledger.entries.filter(isHeld)) {
    all.set(toHoldKey(held), { unit: toObjectKey(held.holder), held });
    if (led.size > 0) for (const key of toPortKeys(held)) byPort.set(key, held);
  }
  for (const [unit, ports] of led)
    for (const { fleet, protocol, port } of ports) {
      const held = byPort.get(toPortKey(fleet, protocol, port));
      if (held !== undefined) all.set(toLedKey(unit, held), { unit, held });
    }
  return all;
}

function toLedKey(unit: ObjectKey, held: HeldPort): string {
  return `${toHoldKey(held)} led by ${unit}`;
}

/** The ports of an entry, one for each protocol. */
function toPortKeys({ fleet, protocols, port }: LedgerEntry): readonly PortKey[] {
  return protocols.map((protocol) => toPortKey(fleet, protocol, port));
}

function isHeld(entry: LedgerEntry): entry is HeldPort {
  return entry.state === 'held';
}
