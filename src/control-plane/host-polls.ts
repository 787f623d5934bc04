import { parseDocumentName, type DocumentName } from '../model/document-name.ts';
import type { BankPolls } from '../ports/banks/bank-polls.ts';

/** What one connection is used for. */
interface Polling {
  readonly document: DocumentName;
  readonly host: string;
  polls: number;
}

/** The connections over which one host polls one document. */
interface Presence {
  readonly connections: Set<object>;
  /** Runs while there is none. */
  timer?: NodeJS.Timeout;
}

/**
 * How long a host that polled again and again counts after its last connection was closed. Traefik asks again at once, and after a
 * failure within a second or so.
 */
const lingerMs = 10_000;

/** So many hosts of one document are known. More do not count. */
const mostHosts = 1_000;

/**
 * Which hosts poll which documents of this replica now. A host counts from its first complete answer on, for as long as the
 * connection is open, as Traefik leaves it. Who asked once and went away, as curl does, is gone at once.
 */
export class HostPolls {
  readonly #pollings = new Map<object, Polling>();
  readonly #documents = new Map<DocumentName, Map<string, Presence>>();
  readonly #listeners: (() => void)[] = [];

  /** A host has got a whole answer over this connection. */
  polled(connection: object, document: DocumentName, host: string): void {
    const former = this.#pollings.get(connection);
    if (former?.document === document && former.host === host) {
      former.polls += 1;
      return;
    }
    if (former !== undefined) this.closed(connection);
    const hosts = this.#documents.get(document) ?? new Map<string, Presence>();
    this.#documents.set(document, hosts);
    const known = hosts.get(host);
    if (known === undefined && hosts.size >= mostHosts) return;
    const presence = known ?? { connections: new Set() };
    clearTimeout(presence.timer);
    presence.connections.add(connection);
    this.#pollings.set(connection, { document, host, polls: 1 });
    hosts.set(host, presence);
    if (known === undefined) this.#report();
  }

  closed(connection: object): void {
    const polling = this.#pollings.get(connection);
    if (polling === undefined) return;
    this.#pollings.delete(connection);
    const presence = this.#documents.get(polling.document)?.get(polling.host);
    presence?.connections.delete(connection);
    if (presence === undefined || presence.connections.size > 0) return;
    if (polling.polls === 1) this.#forget(polling);
    else presence.timer = setTimeout(() => this.#forget(polling), lingerMs).unref();
  }

  /** Calls `changed` whenever `polls` gives something else. */
  onChange(changed: () => void): void {
    this.#listeners.push(changed);
  }

  polls(): BankPolls {
    const fleets = new Map<string, Map<string, Set<number>>>();
    for (const [document, presences] of this.#documents) {
      const { fleet, bank } = parseDocumentName(document);
      const hosts = fleets.get(fleet) ?? new Map<string, Set<number>>();
      fleets.set(fleet, hosts);
      for (const host of presences.keys()) hosts.set(host, (hosts.get(host) ?? new Set()).add(bank));
    }
    return fleets;
  }

  #forget({ document, host }: Polling): void {
    if (this.#documents.get(document)?.delete(host) === true) this.#report();
  }

  #report(): void {
    for (const changed of this.#listeners) changed();
  }
}
