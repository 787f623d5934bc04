import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Turns } from '../../lib/turns.ts';
import { toDocumentName } from '../../model/document-name.ts';
import type { Published } from '../../model/published.ts';
import { answerEdge, type EdgeDocuments } from './answer-edge.ts';
import { answerEdgeReport, readReportBody, type EdgeReported } from './answer-edge-report.ts';
import { answerPoll, DEFAULT_SEND_TIMEOUT_MS, type PollContext } from './answer-poll.ts';
import { addFallbacks, createBaseApp, refuseMethod, sendJson } from '../base-app.ts';
import type { BearerCheck } from '../bearer.ts';
import type { HttpApp } from '../http-app.ts';
import type { LongPoll } from './long-poll.ts';
import type { Metrics } from '../admin/metrics.ts';
import type { Pollers } from './pollers.ts';
import { createThrottle } from '../throttle.ts';

export interface ProviderAppOptions {
  readonly published: Published;
  readonly edge: EdgeDocuments;
  readonly edgeReported: EdgeReported;
  /** What each request has to pass now; null: no token is asked for. */
  readonly bearer: () => BearerCheck | null;
  readonly longPoll: LongPoll;
  readonly pollers: Pollers;
  readonly metrics: Pick<Metrics, 'countFetch' | 'countPoll'>;
  readonly log: Logger;
  /** How long a client may take to read an answer. */
  readonly sendTimeoutMs?: number;
}

/** At most one line in this time tells of refused tokens: whoever guesses them must not fill the log. */
const REFUSAL_LOG_INTERVAL_MS = 10_000;

/**
 * The application that Traefik polls: `/traefik` for the first fleet, `/traefik/{fleet}` for each, `/traefik/{fleet}/{bank}` for one
 * of its banks; `/edge` for `fairlead edge`, which reports at `/edge/{fleet}/state`.
 */
export function createProviderApp(options: ProviderAppOptions): HttpApp {
  const { published, longPoll, log } = options;
  const context: PollContext = {
    published,
    longPoll,
    log,
    turns: new Turns(),
    sendTimeoutMs: options.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS,
    polled: createRecorder(options),
  };
  const app = createBaseApp();
  app.use(requireToken(options));
  app
    .route('/traefik{/:fleet}')
    .get((request, response) => {
      const document = request.params.fleet ?? published.fleets[0] ?? '';
      return answerPoll({ context, request, response, document });
    })
    .all(refuseMethod);
  app
    .route('/traefik/:fleet/:bank')
    .get((request, response) => {
      const { fleet, bank } = request.params;
      const document = bank === '0' ? fleet : `${fleet}/${bank}`;
      return answerPoll({ context, request, response, document });
    })
    .all(refuseMethod);
  app
    .route('/edge{/:fleet}')
    .get((request, response) =>
      answerEdge(options, request, response, request.params.fleet ?? published.fleets[0] ?? ''),
    )
    .all(refuseMethod);
  app
    .route('/edge/:fleet/state')
    .post(readReportBody, (request, response) =>
      answerEdgeReport(options, request, response, request.params.fleet),
    )
    .all((request, response) =>
      sendJson(response, 405, { error: `${request.method} is not answered here` }, { Allow: 'POST' }),
    );
  addFallbacks(app, log);
  return { handler: app, drain: () => longPoll.releaseAll() };
}

/** What there is not is counted without its name: whoever asks must not be able to fill memory with names. */
function createRecorder({ published, pollers, metrics }: ProviderAppOptions): PollContext['polled'] {
  return (poll) => {
    const document = toDocumentName(poll.fleet, poll.bank);
    const known = published.documents.includes(document);
    metrics.countPoll(known ? poll.fleet : '', poll.status);
    if (known && pollers.record(poll)) metrics.countFetch(document);
  };
}

function requireToken({ bearer, metrics, log }: ProviderAppOptions): RequestHandler {
  const throttle = createThrottle(REFUSAL_LOG_INTERVAL_MS);
  return (request, response, next) => {
    const { authorization } = request.headers;
    if (bearer()?.(authorization) ?? true) {
      next();
      return;
    }
    const swallowed = throttle();
    if (swallowed !== undefined) {
      log.warn({ address: request.socket.remoteAddress, swallowed }, 'poll without a valid token refused');
    }
    metrics.countPoll('', 401);
    const challenge = 'Bearer realm="fairlead"';
    sendJson(
      response,
      401,
      { error: 'a valid bearer token is needed' },
      {
        'WWW-Authenticate': authorization === undefined ? challenge : `${challenge}, error="invalid_token"`,
      },
    );
  };
}
