import type { ServerResponse } from 'node:http';
import { parseDocumentName, type DocumentName } from '../model/document-name.ts';
import type { Problem } from '../model/problem.ts';
import type { Inspection, Published } from '../model/published.ts';
import { limitProblems } from './admin/limited-inspection.ts';
import type { View } from './admin/view.ts';
import { sendJson } from './base-app.ts';
import { toProblemJson } from './problem-json.ts';

export interface EventHubOptions {
  readonly published: Published;
  readonly inspection: Inspection;
  /** Default 15 s: shorter than the idle time-outs of common proxies. */
  readonly heartbeatMs?: number;
  /** How often problems are compared while somebody listens. Default 1 s: they may change while no revision does. */
  readonly problemsMs?: number;
  /** Default 100. */
  readonly maxClients?: number;
}

/** At most so many problems are spelled out in one event; beyond, `truncated` says to read `/api/problems` again. */
const PROBLEMS_PER_EVENT = 100;

/** A client that has not read so many bytes is cut off. */
const MAX_UNREAD_BYTES = 1_000_000;

/**
 * Server-sent events: `revision` {fleet, bank, revision} for each bank at the start and at each change, and `problems`
 * {appeared, gone, truncated}. Works only while somebody listens.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #clients = new Map<ServerResponse, View>();
  #problems = new Map<string, Problem>();
  #seen: readonly unknown[] = [];
  #stopWatching: (() => void) | undefined;
  #closed = false;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** Sends what the view shows. Answers 503 when too many listen already, and after `close`. */
  connect(response: ServerResponse, view: View): void {
    if (this.#closed || this.#clients.size >= (this.#options.maxClients ?? 100)) {
      sendJson(response, 503, { error: this.#closed ? 'stopping' : 'too many listen already' });
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    response.write('retry: 2000\n\n');
    for (const document of this.#options.published.documents) response.write(this.#toRevisionEvent(document));
    this.#clients.set(response, view);
    response.once('close', () => {
      this.#clients.delete(response);
      if (this.#clients.size === 0) this.#stop();
    });
    this.#stopWatching ??= this.#watch();
  }

  /** Ends every stream; clients connect again, and are asked again who they are. */
  endStreams(): void {
    for (const client of this.#clients.keys()) client.end();
  }

  /** Ends every stream for good. */
  close(): void {
    this.#closed = true;
    this.endStreams();
  }

  #watch(): () => void {
    const { published, heartbeatMs = 15_000, problemsMs = 1_000 } = this.#options;
    this.#readProblems();
    const unsubscribe = published.documents.map((document) => {
      let last = published.current(document)?.revision;
      return published.subscribe(document, () => {
        const revision = published.current(document)?.revision;
        if (revision !== last) this.#broadcast(this.#toRevisionEvent(document));
        last = revision;
        this.#compareProblems();
      });
    });
    const heartbeat = setInterval(() => this.#broadcast(': heartbeat\n\n'), heartbeatMs);
    const comparison = setInterval(() => this.#compareProblems(), problemsMs);
    return () => {
      for (const stop of unsubscribe) stop();
      clearInterval(heartbeat);
      clearInterval(comparison);
    };
  }

  #stop(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #broadcast(event: string): void {
    for (const client of this.#clients.keys()) send(client, event);
  }

  #toRevisionEvent(document: DocumentName): string {
    const revision = this.#options.published.current(document)?.revision ?? null;
    return toEvent('revision', { ...parseDocumentName(document), revision });
  }

  #compareProblems(): void {
    const before = this.#problems;
    if (!this.#readProblems()) return;
    const appeared = [...this.#problems].filter(([key]) => !before.has(key)).map(([, problem]) => problem);
    const gone = [...before].filter(([key]) => !this.#problems.has(key)).map(([, problem]) => problem);
    for (const [client, view] of this.#clients) {
      const event = toProblemsEvent(limitProblems(appeared, view), limitProblems(gone, view));
      if (event !== undefined) send(client, event);
    }
  }

  /** False when the list is the very one that was read before. */
  #readProblems(): boolean {
    const problems = this.#options.inspection.problems();
    if (problems === this.#seen) return false;
    this.#seen = problems;
    this.#problems = new Map(problems.map((problem) => [JSON.stringify(toProblemJson(problem)), problem]));
    return true;
  }
}

function toProblemsEvent(appeared: readonly Problem[], gone: readonly Problem[]): string | undefined {
  if (appeared.length + gone.length === 0) return undefined;
  const toJson = (problems: readonly Problem[]) =>
    problems.slice(0, PROBLEMS_PER_EVENT).map((problem) => toProblemJson(problem));
  return toEvent('problems', {
    appeared: toJson(appeared),
    gone: toJson(gone),
    truncated: appeared.length > PROBLEMS_PER_EVENT || gone.length > PROBLEMS_PER_EVENT,
  });
}

function send(client: ServerResponse, event: string): void {
  if (client.writableLength > MAX_UNREAD_BYTES) client.destroy();
  else client.write(event);
}

function toEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
