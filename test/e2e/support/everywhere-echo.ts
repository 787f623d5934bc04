import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  createServer as createH2cServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { Listener } from './backend.ts';
import { certificates } from './certificates.ts';
import { findInstruction } from './echo-instructions.ts';
import { requirePrivateNetwork } from './local-address.ts';

const seenSchema = z.object({
  /** Which address was reached, as `ip:port`. */
  backend: z.string(),
  scheme: z.enum(['http', 'https', 'h2c']),
  version: z.string(),
  method: z.string(),
  path: z.string(),
  host: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  bodyBytes: z.number(),
  /** Which request it was of those with the same `x-echo-id`, from 1. */
  attempt: z.number(),
  /** Over TLS: the name that was asked for, and the common name of the client's certificate. */
  sni: z.string().optional(),
  client: z.string().optional(),
});

/** What the server at some address saw of a request. */
export type Seen = z.infer<typeof seenSchema>;

/** Undefined for a body that is from nobody of these. */
export function toSeen(body: string): Seen | undefined {
  try {
    return seenSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** HTTP, HTTPS and h2c servers at every address of the private network. */
export interface EverywhereEcho {
  /** Listens on these ports as well. */
  open(ports: Iterable<number>): Promise<void>;
  stop(): Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Starts it, without any port; each request may say in `x-echo` how it wants to be answered. */
export function everywhereEcho(): EverywhereEcho {
  requirePrivateNetwork();
  const attempts = new Map<string, number>();
  const answer = (request: Request, response: Response): void => void respond(request, response, attempts);
  const plain = createServer(answer);
  const clear = createH2cServer(answer);
  const tls = { ...certificates.unrelated, requestCert: true, rejectUnauthorized: false };
  const secure = createSecureServer({ ...tls, allowHTTP1: true }, answer);
  for (const server of [clear, secure]) server.on('sessionError', () => {});
  const listeners = new Map<number, Listener>();
  const divide = (): Server =>
    createTcpServer((socket) => {
      socket.once('data', (chunk) => {
        socket.pause();
        socket.unshift(chunk);
        const server =
          chunk[0] === 0x16 ? secure : chunk.toString('latin1').startsWith('PRI ') ? clear : plain;
        server.emit('connection', socket);
        process.nextTick(() => socket.resume());
      });
    });
  return {
    async open(ports) {
      for (const port of ports) {
        if (listeners.has(port)) continue;
        const listener = new Listener('::', port, divide);
        listeners.set(port, listener);
        await listener.open();
      }
    },
    async stop() {
      for (const listener of listeners.values()) await listener.stop();
    },
  };
}

async function respond(request: Request, response: Response, attempts: Map<string, number>): Promise<void> {
  let bodyBytes = 0;
  try {
    for await (const chunk of request) bodyBytes += Buffer.byteLength(chunk);
  } catch {
    return;
  }
  const id = String(request.headers['x-echo-id'] ?? '');
  const attempt = (attempts.get(id) ?? 0) + 1;
  if (id !== '') attempts.set(id, attempt);
  const {
    status = 200,
    headers = {},
    delayMs = 0,
  } = findInstruction(request.headers['x-echo'], request.url ?? '', attempt) ?? {};
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(JSON.stringify(describe(request, bodyBytes, attempt)));
}

function describe(request: Request, bodyBytes: number, attempt: number): Seen {
  const socket: Socket = request.socket;
  const isTls = socket instanceof TLSSocket;
  const address = (socket.localAddress ?? '').replace(/^::ffff:/, '');
  const { CN } = isTls ? (socket.getPeerCertificate().subject ?? {}) : {};
  return {
    backend: `${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`,
    scheme: isTls ? 'https' : request.httpVersion === '2.0' ? 'h2c' : 'http',
    version: request.httpVersion,
    method: request.method ?? '',
    path: request.url ?? '',
    host: String(request.headers[':authority'] ?? request.headers.host ?? ''),
    headers: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .parse(Object.fromEntries(Object.entries(request.headers))),
    bodyBytes,
    attempt,
    ...(isTls && typeof socket.servername === 'string' ? { sni: socket.servername } : {}),
    ...(CN === undefined ? {} : { client: String(CN) }),
  };
}
