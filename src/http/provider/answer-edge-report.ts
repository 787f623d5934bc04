import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type RequestHandler } from 'express';
import type { Published } from '../../model/published.ts';
import type { ReportOutcome } from '../../model/traefik-state.ts';
import { sendJson } from '../base-app.ts';
import { readHostName } from './answer-poll.ts';

/** Takes what `fairlead edge` on a host reports of its Traefiks. */
export type EdgeReported = (fleet: string, host: string, body: unknown) => ReportOutcome;

/**
 * Reads a report. What is no JSON, compressed, or longer than a report may be, is refused; so is any other type, which a form of a
 * website could send.
 */
export const readReportBody: RequestHandler = express.json({ limit: '256kb', inflate: false });

/** Answers one POST of `fairlead edge`. A host that does not name itself is refused: no website can make a browser send that header. */
export function answerEdgeReport(
  {
    published,
    edgeReported,
  }: { readonly published: Pick<Published, 'fleets'>; readonly edgeReported: EdgeReported },
  request: IncomingMessage & { readonly body?: unknown },
  response: ServerResponse,
  fleet: string,
): void {
  const host = readHostName(request.headers);
  switch (host === undefined ? 'unusable' : edgeReported(fleet, host, request.body)) {
    case 'taken':
      response.writeHead(204).end();
      return;
    case 'unknown-fleet':
      return sendJson(response, 404, { error: `no fleet is named "${fleet}"`, fleets: published.fleets });
    case 'unusable':
      return sendJson(response, 400, { error: 'this is no report of fairlead edge' });
    case 'full':
      return sendJson(response, 429, { error: 'too many hosts report' }, { 'Retry-After': 15 });
  }
}
