import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Published } from '../../model/published.ts';

/** Why a held poll is to be answered now; `gone` means that nobody waits for the answer any more. */
export type HoldEnd = 'changed' | 'time-out' | 'released' | 'gone';

interface HeldPoll {
  readonly revision: string;
  end(why: HoldEnd): void;
}

/** The held polls of one fleet. They share one subscription. */
interface HeldFleet {
  readonly polls: Set<HeldPoll>;
  readonly unsubscribe: () => void;
}

/**
 * Holds polls of connections that have the current revision already, so that a change reaches them at once.
 * Traefik keeps its connection between polls and sends no ETag: the connection itself is what is remembered.
 */
export class LongPoll {
  readonly #published: Published;
  /** How long a poll is held, from the next one on. */
  holdMs: number;
  readonly #sent = new WeakMap<Socket, { readonly fleet: string; readonly revision: string }>();
  readonly #fleets = new Map<string, HeldFleet>();
  #released = false;

  constructor(published: Published, holdMs: number) {
    this.#published = published;
    this.holdMs = holdMs;
  }

  /** How many polls are held now. */
  get held(): number {
    let held = 0;
    for (const { polls } of this.#fleets.values()) held += polls.size;
    return held;
  }

  /** To be called when an answer has left completely; only the last one of a connection counts. */
  remember(socket: Socket, fleet: string, revision: string): void {
    if (!this.#sent.has(socket)) socket.once('close', () => this.#published.closed(socket));
    this.#sent.set(socket, { fleet, revision });
    if (!socket.destroyed) this.#published.fetched(socket, fleet, revision);
  }

  /** Whether this connection was last sent this revision of this fleet. */
  holds(socket: Socket, fleet: string, revision: string): boolean {
    const sent = this.#sent.get(socket);
    return sent?.fleet === fleet && sent.revision === revision;
  }

  /**
   * Resolves when the fleet has another revision, when the hold time is over, when `releaseAll` was called, or when the
   * client has gone. Never rejects.
   */
  hold(response: ServerResponse, fleet: string, revision: string): Promise<HoldEnd> {
    if (response.closed) return Promise.resolve('gone');
    if (this.#released) return Promise.resolve('released');
    if (this.holdMs <= 0) return Promise.resolve('time-out');
    return new Promise((resolve) => {
      const { polls } = this.#fleets.get(fleet) ?? this.#open(fleet);
      const gone = (): void => poll.end('gone');
      const timer = setTimeout(() => poll.end('time-out'), this.holdMs);
      const poll: HeldPoll = {
        revision,
        end: (why) => {
          clearTimeout(timer);
          response.off('close', gone);
          polls.delete(poll);
          if (polls.size === 0) this.#close(fleet);
          resolve(why);
        },
      };
      response.once('close', gone);
      polls.add(poll);
    });
  }

  /** Ends every hold, and holds nothing from now on. */
  releaseAll(): void {
    this.#released = true;
    for (const { polls } of this.#fleets.values()) for (const poll of polls) poll.end('released');
  }

  #open(fleet: string): HeldFleet {
    const unsubscribe = this.#published.subscribe(fleet, () => this.#wake(fleet));
    const opened = { polls: new Set<HeldPoll>(), unsubscribe };
    this.#fleets.set(fleet, opened);
    return opened;
  }

  #wake(fleet: string): void {
    const current = this.#published.current(fleet)?.revision;
    for (const poll of this.#fleets.get(fleet)?.polls ?? []) {
      if (poll.revision !== current) poll.end('changed');
    }
  }

  #close(fleet: string): void {
    this.#fleets.get(fleet)?.unsubscribe();
    this.#fleets.delete(fleet);
  }
}
