import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';

/** An express application without the parts that tell about us or hash each body. */
export function createBaseApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  return app;
}

/** The last two of every application: 404 for other paths, and an error answer that shows nothing of the inside. */
export function addFallbacks(app: Express, log: Logger): void {
  app.use((request, response) => sendJson(response, 404, { error: `nothing is served at ${request.path}` }));
  const onError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const status = toClientStatus(error);
    if (status === 500)
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    // Half an answer must not pass for a whole one.
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: status === 500 ? 'internal error' : 'malformed request' });
  };
  app.use(onError);
}

/** Answers every method that was not handled before. */
export const refuseMethod: RequestHandler = (request, response) => {
  sendJson(response, 405, { error: `${request.method} is not answered here` }, { Allow: 'GET, HEAD' });
};

/** Sends a complete answer, and ends the connection when it is a refusal (4xx). A HEAD request gets the headers only. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  sendText(response, status, 'application/json', `${JSON.stringify(value)}\n`, headers);
}

/** As `sendJson`, for any text. */
export function sendText(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    // Whoever is refused has no need of the connection: kept open, a few thousand of them would fill the listener.
    ...(status >= 400 && status < 500 && { Connection: 'close' }),
    ...headers,
  });
  response.end(body);
}

/** Express marks what the client got wrong, such as a broken percent escape, with a 4xx status. */
function toClientStatus(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
