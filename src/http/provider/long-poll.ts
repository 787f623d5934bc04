import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { DocumentName } from '../../model/document-name.ts';
import type { Published } from '../../model/published.ts';

/** Why a held poll is to be answered now; `gone` means that nobody waits for the answer any more. */
export type HoldEnd = 'changed' | 'time-out' | 'released' | 'gone';

interface HeldPoll {
  readonly revision: string;
  end(why: HoldEnd): void;
}

/** The held polls of one document. They share one subscription. */
interface HeldDocument {
  readonly polls: Set<HeldPoll>;
  readonly unsubscribe: () => void;
}

/**
 * Holds polls of connections that have the current revision already, so that a change reaches them at once.
 * Traefik keeps its connection between polls and sends no ETag: the connection itself is what is remembered.
 */
export class LongPoll {
  readonly #published: Published;
  /** How long a poll is held at the most, from the next one on; at the least three quarters of it. */
  holdMs: number;
  readonly #sent = new WeakMap<Socket, { readonly document: DocumentName; readonly revision: string }>();
  readonly #documents = new Map<DocumentName, HeldDocument>();
  #released = false;

  constructor(published: Published, holdMs: number) {
    this.#published = published;
    this.holdMs = holdMs;
  }

  /** How many polls are held now. */
  get held(): number {
    let held = 0;
    for (const { polls } of this.#documents.values()) held += polls.size;
    return held;
  }

  /** To be called when an answer has left completely; only the last one of a connection counts. */
  remember(socket: Socket, document: DocumentName, revision: string): void {
    if (!this.#sent.has(socket)) socket.once('close', () => this.#published.closed(socket));
    this.#sent.set(socket, { document, revision });
    if (!socket.destroyed) this.#published.fetched(socket, document, revision);
  }

  /** Whether this connection was last sent this revision of this document. */
  holds(socket: Socket, document: DocumentName, revision: string): boolean {
    const sent = this.#sent.get(socket);
    return sent?.document === document && sent.revision === revision;
  }

  /**
   * Resolves when the document has another revision, when the hold time is over, when `releaseAll` was called, or when the
   * client has gone. Never rejects.
   */
  hold(response: ServerResponse, document: DocumentName, revision: string): Promise<HoldEnd> {
    if (response.closed) return Promise.resolve('gone');
    if (this.#released) return Promise.resolve('released');
    if (this.holdMs <= 0) return Promise.resolve('time-out');
    return new Promise((resolve) => {
      const { polls } = this.#documents.get(document) ?? this.#open(document);
      const gone = (): void => poll.end('gone');
      const timer = setTimeout(() => poll.end('time-out'), spread(this.holdMs));
      const poll: HeldPoll = {
        revision,
        end: (why) => {
          clearTimeout(timer);
          response.off('close', gone);
          polls.delete(poll);
          if (polls.size === 0) this.#close(document);
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
    for (const { polls } of this.#documents.values()) for (const poll of polls) poll.end('released');
  }

  #open(document: DocumentName): HeldDocument {
    const unsubscribe = this.#published.subscribe(document, () => this.#wake(document));
    const opened = { polls: new Set<HeldPoll>(), unsubscribe };
    this.#documents.set(document, opened);
    return opened;
  }

  #wake(document: DocumentName): void {
    const current = this.#published.current(document)?.revision;
    for (const poll of this.#documents.get(document)?.polls ?? []) {
      if (poll.revision !== current) poll.end('changed');
    }
  }

  #close(document: DocumentName): void {
    this.#documents.get(document)?.unsubscribe();
    this.#documents.delete(document);
  }
}

/** All polls that a change has ended are held again at the same moment. Without this they would end together once more, and so for ever. */
function spread(ms: number): number {
  return ms * (1 - Math.random() / 4);
}
