import type { Socket } from 'node:net';
import { toClientKey } from './client-key.ts';

export interface AddressLimits {
  /** Of one address. */
  readonly perAddress: number;
  /** Of one address, those on which no request has been answered yet: they need no token. */
  readonly strangersPerAddress: number;
}

interface Count {
  all: number;
  strangers: number;
}

/** How many connections each address has, so that none can take all that a listener has. */
export class ConnectionLimits {
  readonly #limits: AddressLimits;
  readonly #counts = new Map<string, Count>();
  /** By the client's end of the connection: over TLS requests come on another socket than the one that was accepted. */
  readonly #strangers = new Map<string, Count>();

  constructor(limits: AddressLimits) {
    this.#limits = limits;
  }

  /** Counts a connection until it is closed. False: its address has too many already, and it is not counted. */
  admit(socket: Socket): boolean {
    const key = toClientKey(socket.remoteAddress ?? '');
    const count = this.#counts.get(key) ?? { all: 0, strangers: 0 };
    const { perAddress, strangersPerAddress } = this.#limits;
    if (count.all >= perAddress || count.strangers >= strangersPerAddress) return false;
    count.all += 1;
    count.strangers += 1;
    this.#counts.set(key, count);
    const peer = toPeer(socket);
    this.#strangers.set(peer, count);
    socket.once('close', () => {
      this.#befriend(peer);
      count.all -= 1;
      if (count.all === 0) this.#counts.delete(key);
    });
    return true;
  }

  /** A request on this connection was answered: it is no stranger any more. */
  befriend(socket: Socket): void {
    this.#befriend(toPeer(socket));
  }

  #befriend(peer: string): void {
    const count = this.#strangers.get(peer);
    if (count !== undefined && this.#strangers.delete(peer)) count.strangers -= 1;
  }
}

function toPeer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
