import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, createServer as createH2cServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Server } from 'node:net';
import { z } from 'zod';
import { Listener, type Backend } from './backend.ts';
import { certificates, type ServerTls } from './certificates.ts';

const echoSchema = z.object({
  /** Which server was hit, as `ip:port`. */
  backend: z.string(),
  /** The HTTP version on the way to the server: `1.1` or `2.0`. */
  version: z.string(),
  method: z.string(),
  path: z.string(),
  host: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  bodyBytes: z.number(),
});

/** What an echo server saw of a request. */
export type Echo = z.infer<typeof echoSchema>;

/** The body of an answer of an echo server; throws on any other body. */
export function toEcho(body: string): Echo {
  return echoSchema.parse(JSON.parse(body));
}

/** How an echo server treats requests. `refuse`: nothing listens on the port. */
export type Behaviour =
  | { readonly kind: 'answer' }
  | { readonly kind: 'fail'; readonly status: number }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'refuse' };

export interface HttpEcho extends Backend {
  /** All requests so far, the failed ones too. */
  readonly requests: readonly Echo[];
  /** Resolves when the change is in force. Starts with `answer`. */
  behave(behaviour: Behaviour): Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Handler = (request: Request, response: Response) => void;

/** An HTTP/1.1 server that answers what it saw as JSON. */
export function httpEcho(address: string, port: number): Promise<HttpEcho> {
  return startEcho(address, port, (handler) => createHttpServer(handler));
}

/** The same over TLS, HTTP/2 or HTTP/1.1 as the client likes. */
export function httpsEcho(
  address: string,
  port: number,
  tls: ServerTls = certificates.unrelated,
): Promise<HttpEcho> {
  return startEcho(address, port, (handler) => createSecureServer({ ...tls, allowHTTP1: true }, handler));
}

/** The same over HTTP/2 without TLS, and nothing else. */
export function h2cEcho(address: string, port: number): Promise<HttpEcho> {
  return startEcho(address, port, (handler) => createH2cServer(handler));
}

async function startEcho(
  address: string,
  port: number,
  create: (handler: Handler) => Server,
): Promise<HttpEcho> {
  const backend = `${address}:${port}`;
  const requests: Echo[] = [];
  let behaviour: Behaviour = { kind: 'answer' };
  const listener = new Listener(address, port, () =>
    create((request, response) => {
      let bodyBytes = 0;
      request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length));
      request.once('end', () => {
        const echo = toSeen(backend, request, bodyBytes);
        requests.push(echo);
        setTimeout(() => answer(response, echo, behaviour), behaviour.kind === 'slow' ? behaviour.ms : 0);
      });
    }),
  );
  await listener.open();
  return {
    address,
    port,
    requests,
    get hits() {
      return requests.length;
    },
    async behave(next) {
      behaviour = next;
      await (next.kind === 'refuse' ? listener.stop() : listener.open());
    },
    stop: () => listener.stop(),
  };
}

function toSeen(backend: string, request: Request, bodyBytes: number): Echo {
  return echoSchema.parse({
    backend,
    version: request.httpVersion,
    method: request.method,
    path: request.url,
    host: request.headers[':authority'] ?? request.headers.host ?? '',
    // Without the symbols that HTTP/2 adds.
    headers: Object.fromEntries(Object.entries(request.headers)),
    bodyBytes,
  });
}

function answer(response: Response, echo: Echo, behaviour: Behaviour): void {
  if (response.destroyed) return;
  response.statusCode = behaviour.kind === 'fail' ? behaviour.status : 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(echo));
}
