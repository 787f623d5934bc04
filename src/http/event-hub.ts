import type { ServerResponse } from 'node:http';
import type { Listing } from '../model/listing.ts';
import type { Inspection, Published } from '../model/published.ts';
import { sendJson } from './base-app.ts';
import type { Pollers } from './provider/pollers.ts';

export interface EventHubOptions {
  readonly published: Published;
  readonly inspection: Pick<Inspection, 'ports' | 'sources'>;
  readonly listing: Pick<Listing, 'problemVersion'>;
  readonly pollers: Pick<Pollers, 'rows'>;
  /** Default 15 s: shorter than the idle time-outs of common proxies. */
  readonly heartbeatMs?: number;
  /** How often that is compared which changes without a revision, while somebody listens. Default 1 s. */
  readonly compareMs?: number;
  /** At most one event in this time; default 100 ms. */
  readonly quietMs?: number;
  /** Default 100. */
  readonly maxClients?: number;
}

/** A client that has not read so many bytes is cut off. */
const MAX_UNREAD_BYTES = 10_000;

/**
 * Server-sent events: `state` {state, traefiks} at the start and whenever there is something new to read. The first number is another one when
 * routes, ports, problems or sources are, the second when a Traefik has come or fetched something. Works only while somebody listens.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #clients = new Set<ServerResponse>();
  #state = 0;
  #traefiks = 0;
  #seen = { state: '', report: undefined as unknown, traefiks: '' };
  #due: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;
  #closed = false;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** Answers 503 when too many listen already, and after `close`. */
  connect(response: ServerResponse): void {
    if (this.#closed || this.#clients.size >= (this.#options.maxClients ?? 100)) {
      sendJson(response, 503, { error: this.#closed ? 'stopping' : 'too many listen already' });
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    this.#stopWatching ??= this.#watch();
    response.write(`retry: 2000\n\n${this.#toEvent()}`);
    this.#clients.add(response);
    response.once('close', () => {
      this.#clients.delete(response);
      if (this.#clients.size === 0) this.#stop();
    });
  }

  /** Ends every stream; who may listen again does. */
  endStreams(): void {
    for (const client of this.#clients) client.end();
  }

  /** Ends every stream for good. */
  close(): void {
    this.#closed = true;
    this.endStreams();
  }

  #watch(): () => void {
    const { published, heartbeatMs = 15_000, compareMs = 1_000 } = this.#options;
    // Whoever begins to listen hears it at once.
    this.#compare();
    this.#calm();
    const unsubscribe = published.documents.map((document) => {
      let last = published.current(document)?.revision;
      return published.subscribe(document, () => {
        const revision = published.current(document)?.revision;
        if (revision === last) return;
        last = revision;
        this.#state += 1;
        this.#announce();
      });
    });
    const heartbeat = setInterval(() => this.#broadcast(': heartbeat\n\n'), heartbeatMs);
    const comparison = setInterval(() => this.#compare(), compareMs);
    return () => {
      for (const stop of unsubscribe) stop();
      clearInterval(heartbeat);
      clearInterval(comparison);
      this.#calm();
    };
  }

  /** What was to be announced is not any more. */
  #calm(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
  }

  #stop(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #compare(): void {
    const { published, inspection, listing, pollers } = this.#options;
    const sources = inspection
      .sources()
      .map(({ name, state, detail, objects }) => [name, state, detail, objects]);
    const state = JSON.stringify([listing.problemVersion(), published.readiness(), sources]);
    const { ports: report } = inspection.ports();
    const traefiks = pollers
      .rows(published)
      .map(({ address, host, fleet, bank, current, revision }) =>
        [address, host, fleet, bank, current, revision].join(),
      )
      .sort()
      .join('\n');
    const before = this.#seen;
    this.#seen = { state, report, traefiks };
    const isOther = state !== before.state || report !== before.report;
    const haveMoved = traefiks !== before.traefiks;
    if (isOther) this.#state += 1;
    if (haveMoved) this.#traefiks += 1;
    if (isOther || haveMoved) this.#announce();
  }

  /** Soon, and then all that has come together. */
  #announce(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#broadcast(this.#toEvent());
    }, this.#options.quietMs ?? 100);
  }

  #broadcast(event: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > MAX_UNREAD_BYTES) client.destroy();
      else client.write(event);
    }
  }

  #toEvent(): string {
    return `event: state\ndata: ${JSON.stringify({ state: this.#state, traefiks: this.#traefiks })}\n\n`;
  }
}
