import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';
import { Server as TlsServer, type TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { ListenAddress, ProviderTls } from '../settings/settings.ts';
import { ConnectionLimits, type AddressLimits } from './connection-limits.ts';
import { Exchanges } from './provider/exchanges.ts';
import type { HttpApp } from './http-app.ts';
import { ListenError, toListenError } from './listen-error.ts';
import { createThrottle } from './throttle.ts';

/** PEM texts. */
export type ListenerTls = Pick<ProviderTls, 'cert' | 'clientCA' | 'key'>;

export interface ListenOptions {
  /** The field that holds the address, for messages: `listen.provider`. */
  readonly setting: string;
  readonly tls?: ListenerTls | null;
  readonly log: Logger;
  /** Connections beyond are closed at once. */
  readonly maxConnections?: number;
  /** The same for each address. */
  readonly addressLimits?: AddressLimits;
}

export interface Listener {
  /** With the real port when 0 was asked for. */
  readonly address: ListenAddress;
  /** Uses these certificates for connections from now on. A listener without TLS stays one. */
  setTls(tls: ListenerTls): void;
  /**
   * Accepts no more connections, drains the application, answers what is under way with `Connection: close`, and cuts off what is
   * left after the deadline. Resolves when no connection is left. Later calls give the same promise.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** Enough for a large edge, and few enough that a flood does not take the last file descriptor. */
export const DEFAULT_MAX_CONNECTIONS = 10_000;

/**
 * A quarter for one address, behind which may be many Traefiks. Of those that have not been answered yet few are enough: a request
 * follows its connection at once.
 */
const defaultAddressLimits: AddressLimits = { perAddress: 2_500, strangersPerAddress: 250 };

/** How long a connection that has sent nothing yet may still begin when the listener stops. */
const FIRST_REQUEST_GRACE_MS = 250;

const serverOptions: ServerOptions = {
  // Traefik polls each few seconds. Node's own 5 s would close the connection just when it polls again.
  keepAliveTimeout: 75_000,
  // Also of a connection that sends nothing at all.
  headersTimeout: 5_000,
  // Until the request has arrived; a held answer is no part of it.
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
};

/** @throws ListenError when the address or the certificate cannot be used. */
export async function startListener(
  app: HttpApp,
  address: ListenAddress,
  options: ListenOptions,
): Promise<Listener> {
  const exchanges = new Exchanges(app.handler);
  const server = createAnyServer(exchanges.handle, options);
  server.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  limitAddresses(server, options);
  exchanges.attach(server, options.tls ? 'secureConnection' : 'connection');
  reportTrouble(server, options);
  await listen(server, address, options.setting);
  let stopped: Promise<void> | undefined;
  return {
    address: toBound(server, address),
    setTls: ({ cert, key, clientCA }) => {
      if (server instanceof TlsServer) server.setSecureContext({ cert, key, ca: clientCA });
    },
    stop: (deadlineMs) => (stopped ??= stop(server, exchanges, app, deadlineMs)),
  };
}

function createAnyServer(handler: RequestListener, { tls, setting }: ListenOptions): Server {
  if (!tls) return createServer(serverOptions, handler);
  const { cert, key, clientCA } = tls;
  const clients = clientCA === undefined ? {} : { ca: clientCA, requestCert: true, rejectUnauthorized: true };
  try {
    return createTlsServer(
      { ...serverOptions, cert, key, ...clients, minVersion: 'TLSv1.2', handshakeTimeout: 5_000 },
      handler,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(
      `the TLS certificate, key or client CA of ${setting} cannot be used: ${reason}; all must be PEM, and the key that of the certificate`,
      { cause: error },
    );
  }
}

function limitAddresses(
  server: Server,
  { log, setting, addressLimits = defaultAddressLimits }: ListenOptions,
): void {
  const limits = new ConnectionLimits(addressLimits);
  const throttle = createThrottle(10_000);
  // Before the listener of Node's own, which would begin to read.
  server.prependListener('connection', (socket: Socket) => {
    if (limits.admit(socket)) return;
    const address = socket.remoteAddress;
    socket.destroy();
    const swallowed = throttle();
    if (swallowed !== undefined)
      log.warn({ setting, address, swallowed }, 'too many connections of one address, one refused');
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    response.once('finish', () => {
      // A refusal has closed the connection, or is about to.
      if (response.statusCode < 400 || response.statusCode >= 500) limits.befriend(socket);
    });
  });
}

async function listen(server: Server, address: ListenAddress, setting: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error): void => reject(toListenError(error, address, setting));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function toBound(server: Server, asked: ListenAddress): ListenAddress {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? { host: asked.host, port: bound.port } : asked;
}

/** What clients can cause is logged at most once in ten seconds. */
function reportTrouble(server: Server, { log, setting }: ListenOptions): void {
  const throttle = createThrottle(10_000);
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    const swallowed = throttle();
    if (swallowed === undefined) return;
    // Of a client certificate that is missing or foreign, the error itself says no more than "hang up".
    const reason = socket.authorizationError ?? ('reason' in error ? error.reason : error.message);
    log.warn({ setting, address: socket.remoteAddress, reason, swallowed }, 'TLS refused');
  });
  server.on('drop', (dropped) => {
    const swallowed = throttle();
    if (swallowed === undefined) return;
    log.warn({ setting, address: dropped?.remoteAddress, swallowed }, 'too many connections, one refused');
  });
  server.on('listening', () => {
    server.on('error', (error) => log.error({ setting, reason: error.message }, 'listener failed'));
  });
}

async function stop(server: Server, exchanges: Exchanges, app: HttpApp, deadlineMs: number): Promise<void> {
  // Only stops to accept: the `close` of HTTP servers would cut off whoever is still reading.
  const closed = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
  exchanges.closeConnections();
  app.drain();
  const grace = setTimeout(() => exchanges.destroySilent(), Math.min(FIRST_REQUEST_GRACE_MS, deadlineMs));
  const deadline = setTimeout(() => exchanges.destroyAll(), deadlineMs);
  await closed;
  clearTimeout(grace);
  clearTimeout(deadline);
  // Ends the timer that looks for slow requests.
  server.close();
}
