import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Published } from '../../model/published.ts';
import { sendJson, sendText } from '../base-app.ts';
import { toConfigResponse } from './config-response.ts';

/** What the hosts of a fleet are to run, as `createEdgeDocuments` makes it; undefined for a fleet that is not configured. */
export type EdgeDocuments = (
  fleet: string,
) => { readonly revision: string; readonly body: string } | undefined;

/**
 * Answers one GET or HEAD of `fairlead edge`. As with the routes, 503 until everything is known: a host that hears of fewer banks
 * than it runs ends the others.
 */
export function answerEdge(
  { published, edge }: { readonly published: Published; readonly edge: EdgeDocuments },
  request: IncomingMessage,
  response: ServerResponse,
  fleet: string,
): void {
  const document = edge(fleet);
  const answer = toConfigResponse({
    readiness: published.readiness(),
    document: fleet,
    fleets: published.fleets,
    documents: published.fleets,
    revision: document?.revision,
    ifNoneMatch: request.headers['if-none-match'],
    acceptsGzip: false,
  });
  switch (answer.status) {
    case 404:
      return sendJson(response, 404, answer.body);
    case 503:
      return sendJson(response, 503, answer.body, { 'Retry-After': answer.retryAfterSeconds });
    case 304:
      response.writeHead(304, { ETag: `"${answer.revision}"`, 'Cache-Control': 'no-cache' }).end();
      return;
    case 200:
      return sendText(response, 200, 'application/json', document?.body ?? '', {
        ETag: `"${answer.revision}"`,
      });
  }
}
