export { tcpConnect, udpAsk, type TcpConnection, type TcpOptions } from './socket-client.ts';
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import { requireLocalAddress } from './local-address.ts';

export interface HttpRequest {
  /** Default 127.0.0.1. */
  readonly ip?: string;
  readonly port: number;
  /** The Host header, and the name for SNI unless `sni` says otherwise. */
  readonly host: string;
  /** Default `/`. */
  readonly path?: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Over TLS; any certificate is taken, and reported. */
  readonly tls?: boolean;
  /** The name for SNI; empty: none is sent. */
  readonly sni?: string;
  /** The client's own certificate, over TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** The client's own address; in the private network any will do. */
  readonly from?: string;
  /** Default 10 s for the whole exchange. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The server's certificate, over TLS. */
  readonly certificate?: PeerCertificate;
}

/** One request on a connection of its own. No redirect is followed. Rejects when there is no whole answer in time. */
export function httpGet(request: HttpRequest): Promise<HttpResponse> {
  const { ip = '127.0.0.1', host, body, timeoutMs = 10_000 } = request;
  requireLocalAddress(ip);
  const options = {
    host: ip,
    port: request.port,
    path: request.path ?? '/',
    method: request.method ?? 'GET',
    headers: {
      host,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...request.headers,
    },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    ...(request.from === undefined ? {} : { localAddress: request.from }),
  };
  const tls = {
    servername: request.sni ?? host.replace(/:\d+$/, ''),
    rejectUnauthorized: false,
    ...request.certificate,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request.tls === true ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    outgoing.once('error', reject).once('response', (incoming) => {
      void readResponse(incoming)
        .then(resolve, reject)
        .finally(() => outgoing.destroy());
    });
    send(outgoing, body);
  });
}

/** Whoever refuses a large body by its announced length does so now, and would cut off a client that is still sending. */
function send(outgoing: ClientRequest, body: Buffer | string = ''): void {
  if (body.length < 1_000_000) {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  const timer = setTimeout(() => outgoing.end(body), 500);
  outgoing.once('response', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}

async function readResponse(incoming: IncomingMessage): Promise<HttpResponse> {
  const { socket } = incoming;
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
  incoming.setEncoding('utf8');
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body,
    ...(certificate === undefined ? {} : { certificate }),
  };
}
