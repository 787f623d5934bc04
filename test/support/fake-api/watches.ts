import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { StoreEvent } from './fake-store.ts';
import type { RequestInfo } from './faults.ts';
import type { Json } from './json.ts';
import type { Target } from './resource-types.ts';
import type { Matcher } from './selector.ts';

interface Watch {
  readonly target: Target;
  readonly matches: Matcher;
  readonly info: RequestInfo;
  readonly response: ServerResponse;
  isMuted: boolean;
}

export interface WatchRequest extends Pick<Watch, 'info' | 'matches' | 'response' | 'target'> {
  /** How long it lasts, in milliseconds. */
  readonly lastsMs: number;
  readonly wantsBookmarks: boolean;
  /** Whether it stands for a list as well, whose end is then to be marked: `sendInitialEvents`. */
  readonly isList: boolean;
  /** What has happened since the version that it goes on from, or why that cannot be said. */
  readonly missed: readonly StoreEvent[] | ApiError;
}

const bookmarkMs = 30_000;

/** The watches that are open. */
export class Watches {
  readonly #watches = new Set<Watch>();
  /** Set while all are silent: what they have to deliver afterwards. */
  #held: StoreEvent[] | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #versionOf: () => number;

  constructor(versionOf: () => number) {
    this.#versionOf = versionOf;
  }

  get count(): number {
    return this.#watches.size;
  }

  open(request: WatchRequest): void {
    const { target, matches, info, response, lastsMs, wantsBookmarks, isList, missed } = request;
    const watch: Watch = { target, matches, info, response, isMuted: false };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (missed instanceof ApiError) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: missed.toStatus() })}\n`);
      return;
    }
    this.#watches.add(watch);
    response.once('close', () => this.#watches.delete(watch));
    for (const event of missed) deliver(watch, event);
    if (isList)
      write(response, 'BOOKMARK', this.#toBookmark(target, { 'k8s.io/initial-events-end': 'true' }));
    const bookmark = (): void => {
      if (wantsBookmarks && this.#held === undefined && !watch.isMuted)
        write(response, 'BOOKMARK', this.#toBookmark(target));
    };
    const beat = setInterval(bookmark, bookmarkMs);
    const end = setTimeout(() => {
      bookmark();
      if (!watch.isMuted) response.end();
    }, lastsMs);
    response.once('close', () => {
      clearInterval(beat);
      clearTimeout(end);
    });
  }

  changed(event: StoreEvent): void {
    if (this.#held !== undefined) this.#held.push(event);
    else for (const watch of this.#watches) deliver(watch, event);
  }

  /** Ends those that are open now: in order, or by cutting the connection. */
  drop(mode: string, selects: (info: RequestInfo) => boolean): void {
    for (const { info, response } of this.#watches) {
      if (!selects(info)) continue;
      if (mode === 'abort') response.destroy();
      else response.end();
    }
  }

  /** All fall silent, and deliver everything afterwards. */
  hold(ms: number): void {
    this.#held ??= [];
    this.#later(ms, () => this.release());
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.changed(event);
  }

  /** Those that are open now stay open but silent, and are cut afterwards. */
  lose(ms: number, selects: (info: RequestInfo) => boolean): void {
    const lost = [...this.#watches].filter(({ info }) => selects(info));
    for (const watch of lost) watch.isMuted = true;
    this.#later(ms, () => lost.forEach(({ response }) => response.destroy()));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { response } of this.#watches) response.destroy();
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  #toBookmark({ type: { kind, apiVersion } }: Target, annotations: Json = {}): Json {
    return { kind, apiVersion, metadata: { resourceVersion: String(this.#versionOf()), annotations } };
  }
}

function deliver(watch: Watch, event: StoreEvent): void {
  const { target, matches, isMuted, response } = watch;
  if (isMuted || event.type.plural !== target.type.plural) return;
  if (target.namespace !== '' && target.namespace !== event.namespace) return;
  const was = event.before !== undefined && matches(event.before);
  const is = !event.isDeleted && matches(event.after);
  if (is) write(response, was ? 'MODIFIED' : 'ADDED', event.after);
  else if (was) write(response, 'DELETED', event.after);
}

function write(response: ServerResponse, type: string, object: Json): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}
