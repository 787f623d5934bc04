import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { parseDocumentName, type DocumentName } from '../../model/document-name.ts';
import type { ConfigRevision, Published } from '../../model/published.ts';
import type { Turns } from '../../lib/turns.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import { sendJson } from '../base-app.ts';
import { matchesRevision, toConfigResponse, type ConfigResponse } from './config-response.ts';
import type { HoldEnd, LongPoll } from './long-poll.ts';
import type { Poll } from './pollers.ts';

/**
 * A client that takes longer than this to read one answer is cut off, so that only the revisions of so long a time are kept in memory for
 * those who are slow. Traefik itself gives up after 5 s.
 */
export const DEFAULT_SEND_TIMEOUT_MS = 15_000;

/** What `fairlead edge` makes its Traefiks send. */
const hostHeader = 'x-fairlead-host';

export interface PollContext {
  readonly published: Published;
  readonly longPoll: LongPoll;
  readonly log: Logger;
  /** All answers with a document: a change wakes every poll at the same moment. */
  readonly turns: Turns;
  readonly sendTimeoutMs: number;
  /** Called once per poll, when its answer has left or its client has gone. */
  readonly polled: (poll: Poll) => void;
}

/** One poll on its way. */
interface Exchange {
  readonly context: PollContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly document: DocumentName;
}

/** Answers one GET or HEAD for a document. Resolves when the answer is handed over, not when it has arrived. */
export async function answerPoll(exchange: Exchange): Promise<void> {
  const { context, request, response, document } = exchange;
  const started = performance.now();
  const about = toAbout(request);
  let held: HoldEnd | undefined;
  let revision: string | undefined;
  let complete = false;
  // Node emits `finish` for what a destroyed connection has thrown away as well, and `writableFinished` is then true.
  response.once('finish', () => (complete = !request.socket.destroyed));
  response.once('close', () => {
    const status = complete ? response.statusCode : 499;
    const place = parseDocumentName(document);
    const poll: Poll = {
      ...about,
      ...place,
      status,
      ...(complete && revision !== undefined && { revision }),
    };
    const { address } = about;
    const ms = Math.round(performance.now() - started);
    context.log.debug({ ...place, status, revision, held, ms, address }, 'poll');
    context.polled(poll);
  });

  held = await holdCurrent(exchange);
  if (held === 'gone') return;
  const current = context.published.current(document);
  const answer = toConfigResponse({
    readiness: context.published.readiness(),
    document,
    fleets: context.published.fleets,
    documents: context.published.documents,
    revision: current?.revision,
    ifNoneMatch: request.headers['if-none-match'],
    acceptsGzip: acceptsGzip(request.headers['accept-encoding']),
  });
  await send(exchange, answer, current);
  if ('revision' in answer && request.method === 'GET') revision = answer.revision;
}

/** Waits while the connection has what is current; undefined when it was not held. */
async function holdCurrent({ context, request, response, document }: Exchange): Promise<HoldEnd | undefined> {
  const { published, longPoll } = context;
  const revision = published.current(document)?.revision;
  if (request.method !== 'GET' || published.readiness().kind !== 'ready' || revision === undefined)
    return undefined;
  if (!longPoll.holds(request.socket, document, revision)) return undefined;
  const tag = request.headers['if-none-match'];
  // It was sent the revision, but says that it has another one: it is answered at once.
  if (tag !== undefined && !matchesRevision(tag, revision)) return undefined;
  return longPoll.hold(response, document, revision);
}

async function send(
  exchange: Exchange,
  answer: ConfigResponse,
  current: ConfigRevision | undefined,
): Promise<void> {
  const { response, context } = exchange;
  const sendTimer = setTimeout(() => response.destroy(), context.sendTimeoutMs);
  response.once('close', () => clearTimeout(sendTimer));
  switch (answer.status) {
    case 404:
      sendJson(response, 404, answer.body);
      break;
    case 503:
      sendJson(response, 503, answer.body, { 'Retry-After': answer.retryAfterSeconds });
      break;
    case 304:
      rememberWhenSent(exchange, answer.revision);
      response.writeHead(304, toHeaders(answer.revision));
      response.end();
      break;
    case 200:
      if (current === undefined) throw new Error('a document was promised that does not exist');
      await sendDocument(exchange, current, answer.encoding);
      break;
  }
}

async function sendDocument(
  exchange: Exchange,
  current: ConfigRevision,
  encoding: 'gzip' | 'identity',
): Promise<void> {
  const { request, response, context } = exchange;
  const compressed = encoding === 'gzip' ? await current.gzip() : undefined;
  await context.turns.take();
  response.writeHead(200, {
    ...toHeaders(current.revision),
    'Content-Type': 'application/json',
    'Content-Length': compressed?.length ?? current.bytes,
    ...(compressed && { 'Content-Encoding': 'gzip' }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  rememberWhenSent(exchange, current.revision);
  response.cork();
  for (const piece of compressed === undefined ? current.body : [compressed]) response.write(piece);
  response.end();
}

function rememberWhenSent({ context, request, response, document }: Exchange, revision: string): void {
  const { socket } = request;
  if (request.method !== 'GET') return;
  response.once('finish', () => {
    context.longPoll.remember(socket, document, revision);
    if (!socket.destroyed) context.published.polled(socket, document, toAbout(request).host);
  });
}

function toHeaders(revision: string): Record<string, string> {
  return {
    'X-Fairlead-Revision': revision,
    ETag: `"${revision}"`,
    Vary: 'Accept-Encoding',
    'Cache-Control': 'no-cache',
  };
}

/** The name that a host gives itself; undefined when it gives none, or none that is one. */
export function readHostName(headers: IncomingMessage['headers']): string | undefined {
  const name = headers[hostHeader];
  return typeof name === 'string' && /^[\w.:-]{1,253}$/.test(name) ? name : undefined;
}

/**
 * Who polls. A host has the name that it gives itself, as `fairlead edge` does, since several hosts may come from one address; else it is
 * known by that.
 */
function toAbout({ socket, headers }: IncomingMessage): Pick<Poll, 'address' | 'host' | 'userAgent'> {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return {
    address,
    host: readHostName(headers) ?? address,
    userAgent: headers['user-agent'] ?? '',
  };
}
