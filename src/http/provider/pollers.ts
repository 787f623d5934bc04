import { toDocumentName } from '../../model/document-name.ts';
import type { Published } from '../../model/published.ts';

/** One answered poll. */
export interface Poll {
  /** Without the prefix of an IPv4-mapped IPv6 address. */
  readonly address: string;
  /** The name of the host, or its address. */
  readonly host: string;
  readonly userAgent: string;
  readonly fleet: string;
  readonly bank: number;
  /** The HTTP status; 499 when the client went away before it had the whole answer. */
  readonly status: number;
  /** The revision that was sent or confirmed completely. */
  readonly revision?: string;
}

/** A line of `/api/pollers`. */
export interface PollerRow {
  readonly address: string;
  readonly host: string;
  readonly userAgent: string;
  readonly fleet: string;
  readonly bank: number;
  readonly status: number;
  /** The last revision that it was sent completely; null when there was none. */
  readonly revision: string | null;
  /** Whether that is the current revision of the bank. */
  readonly current: boolean;
  readonly polls: number;
  /** RFC 3339, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

type Poller = Omit<PollerRow, 'current'>;

/** So long after its last poll a Traefik is forgotten: it was stopped for good, such as a pod that was replaced. */
const forgottenAfterMs = 600_000;

/** Who polls. Bounded: the one not seen for longest is forgotten first. */
export class Pollers {
  readonly #limit: number;
  readonly #now: () => Date;
  readonly #pollers = new Map<string, Poller>();

  constructor(limit = 1000, now: () => Date = () => new Date()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Returns whether it has another revision now than before; a new one does not count. */
  record(poll: Poll): boolean {
    const { address, host, fleet, bank, status } = poll;
    const userAgent = poll.userAgent.slice(0, 200);
    const key = JSON.stringify([address, host, userAgent, fleet, bank]);
    const before = this.#pollers.get(key);
    const lastSeen = this.#now().toISOString();
    // Put at the end again, so that the map stays in the order of the last sight.
    this.#pollers.delete(key);
    this.#pollers.set(key, {
      address,
      host,
      userAgent,
      fleet,
      bank,
      status,
      revision: poll.revision ?? before?.revision ?? null,
      polls: (before?.polls ?? 0) + 1,
      firstSeen: before?.firstSeen ?? lastSeen,
      lastSeen,
    });
    for (const oldest of this.#pollers.keys()) {
      if (this.#pollers.size <= this.#limit) break;
      this.#pollers.delete(oldest);
    }
    const had = before?.revision ?? null;
    return had !== null && poll.revision !== undefined && poll.revision !== had;
  }

  /** Last seen first. */
  rows(published: Published): readonly PollerRow[] {
    const rows: PollerRow[] = [];
    const since = this.#now().getTime() - forgottenAfterMs;
    for (const poller of this.#pollers.values()) {
      if (Date.parse(poller.lastSeen) < since) continue;
      const revision = published.current(toDocumentName(poller.fleet, poller.bank))?.revision;
      rows.push({ ...poller, current: poller.revision !== null && poller.revision === revision });
    }
    return rows.toReversed();
  }
}
