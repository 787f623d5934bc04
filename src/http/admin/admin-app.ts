import type { ServerResponse } from 'node:http';
import type { Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Listing } from '../../model/listing.ts';
import { toObjectPath } from '../../model/object-ref.ts';
import type { Explanation, Inspection, Published } from '../../model/published.ts';
import { addFallbacks, createBaseApp, refuseMethod, sendJson, sendText } from '../base-app.ts';
import { EventHub } from '../event-hub.ts';
import type { HttpApp } from '../http-app.ts';
import type { Access } from './access.ts';
import { limitInspection, type PoolOwners } from './limited-inspection.ts';
import { endpoints } from './endpoints.ts';
import { answerConfirm, type Confirm } from './confirm.ts';
import { addListingApi } from './listing-api.ts';
import type { Metrics } from './metrics.ts';
import { addPage } from './page.ts';
import { requireAccess, viewOf } from './require-access.ts';
import { RevisionAges } from './revision-ages.ts';
import { addStatusApi } from './status-api.ts';
import type { HealthView } from './traefik-health.ts';
import type { Pollers } from '../provider/pollers.ts';
import { toProblemJson } from '../problem-json.ts';
import { toExplanationJson, toPortReportJson, type ExplanationJson } from './report-json.ts';

export interface AdminAppOptions {
  readonly published: Published;
  readonly inspection: Inspection;
  /** The same in parts. */
  readonly listing: Listing;
  /** Of the program. */
  readonly version: string;
  readonly isLeader: () => boolean;
  readonly pollers: Pollers;
  readonly metrics: Metrics;
  readonly health: HealthView;
  /** Who may look now. */
  readonly access: () => Access;
  /** Whose pools are whose. */
  readonly fleets: PoolOwners;
  readonly confirm: Confirm;
  readonly log: Logger;
}

export interface AdminApp extends HttpApp {
  /** From now on `/readyz` answers 503, so that no new traffic is sent here; everything else goes on. */
  announceStop(): void;
  /** Ends what is being watched: who may look has changed. */
  accessChanged(): void;
}

/** What `/` answers to whoever is no browser. */
const index = [
  'Fairlead\n',
  ...[
    { path: '/healthz', says: '200 while the process is alive' },
    { path: '/readyz', says: '200 when configuration is served' },
    { path: '/metrics', says: 'metrics for Prometheus' },
    ...endpoints,
    { path: '/api/events', says: 'changes, as server-sent events' },
  ].map(({ path, says }) => `${path.padEnd(45)}  ${says.replaceAll('`', '')}`),
  '',
].join('\n');

/**
 * The application for operators. It shows no secrets. Health and metrics are open; everything else asks who it is that looks, and
 * shows the namespaces that are theirs.
 */
export function createAdminApp(options: AdminAppOptions): AdminApp {
  const app = createBaseApp();
  const hub = new EventHub(options);
  const ages = new RevisionAges(options.published, () => {});
  let stopping = false;
  app.use(setSecurityHeaders);
  const access = requireAccess(options.access, options.log);
  app.post('/api/confirm', access, answerConfirm(options.inspection, options.confirm));
  app.use((request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') next();
    else void refuseMethod(request, response, next);
  });
  app.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'alive' }));
  app.get('/readyz', (_request, response) => {
    const readiness = options.published.readiness();
    if (stopping) sendJson(response, 503, { status: 'draining' });
    else if (readiness.kind === 'ready')
      sendJson(response, 200, { status: 'ready', ...toShrinkDetail(options.inspection) });
    else sendJson(response, 503, { status: 'starting', waitingFor: readiness.waitingFor });
  });
  app.get('/metrics', (_request, response, next) => {
    const { metrics } = options;
    metrics.render().then((text) => sendText(response, 200, metrics.contentType, text), next);
  });
  app.use(access);
  addPage(app, (_request, response) => sendText(response, 200, 'text/plain; charset=utf-8', index));
  addApi(app, options);
  addListingApi(app, options);
  addStatusApi(app, { ...options, ages });
  app.get('/api/events', (_request, response) => hub.connect(response));
  addFallbacks(app, options.log);
  const announceStop = (): void => {
    stopping = true;
  };
  return {
    handler: app,
    announceStop,
    accessChanged: () => hub.endStreams(),
    drain: () => {
      announceStop();
      ages.stop();
      hub.close();
    },
  };
}

function addApi(app: Express, { published, inspection, pollers, health, fleets }: AdminAppOptions): void {
  const look = (response: ServerResponse): Inspection =>
    limitInspection(inspection, viewOf(response), fleets);
  const serve = (name: string, read: (seen: Inspection) => unknown): void => {
    app.get(`/api/${name}`, (_request, response) => sendJson(response, 200, read(look(response))));
  };
  serve('routes', (seen) => seen.routes());
  serve('answer', (seen) => seen.answer());
  serve('ports', (seen) => toPortReportJson(seen.ports()));
  serve('problems', (seen) => seen.problems().map((problem) => toProblemJson(problem)));
  serve('pollers', () => pollers.rows(published));
  serve('shrinks', (seen) => seen.shrinks());
  serve('sources', (seen) => seen.sources());
  app.get('/api/traefiks', (_request, response, next) => {
    inspection.refresh().then(() => sendJson(response, 200, look(response).traefiks()), next);
  });
  // A kind without namespaces is asked for as it is written elsewhere: IngressClass/name.
  app.get('/api/explain/:kind{/:namespace}/:name', (request, response, next) => {
    const { kind, namespace = '', name } = request.params;
    const explain = async (): Promise<readonly ExplanationJson[]> => {
      await inspection.refresh();
      const found = look(response).explain(kind, namespace, name);
      return Promise.all(found.map((each) => toSeen(each, health)));
    };
    const missing = { error: `no source has ${toObjectPath({ kind, namespace, name })}` };
    explain().then(
      (rows) => (rows.length > 0 ? sendJson(response, 200, rows) : sendJson(response, 404, missing)),
      next,
    );
  });
}

/** Of those who ask whether it is ready some look no further. */
function toShrinkDetail(inspection: Inspection): object {
  const shrinks = inspection.shrinks().map(({ source, mode, until }) => ({ source, mode, until }));
  return shrinks.length === 0 ? {} : { shrinks };
}

/** With what Traefiks say of the servers. */
async function toSeen(explanation: Explanation, health: HealthView): Promise<ExplanationJson> {
  const rows = await health.of(explanation.routes);
  return toExplanationJson({ ...explanation, ...(rows.length > 0 && { health: rows }) });
}

const setSecurityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeaders(
    new Map([
      [
        'Content-Security-Policy',
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      ],
      ['Cross-Origin-Opener-Policy', 'same-origin'],
      ['Cross-Origin-Resource-Policy', 'same-origin'],
      ['Referrer-Policy', 'no-referrer'],
      ['X-Frame-Options', 'DENY'],
    ]),
  );
  next();
};
