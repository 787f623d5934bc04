import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Listener, type Backend } from './backend.ts';
import type { ServerTls } from './certificates.ts';
import { requireLocalAddress } from './local-address.ts';

export { h2cEcho, httpEcho, httpsEcho, toEcho, type Echo, type HttpEcho } from './http-echo.ts';

export interface TcpGreeter extends Backend {
  /** Connections that are open now. */
  readonly connections: number;
  /** All bytes of all clients so far; a PROXY protocol header shows here. */
  received(): Buffer;
  /** Resets the open connections; new ones are welcome. */
  dropConnections(): void;
}

export interface GreeterOptions {
  /** Sent first. Default: a MySQL-like line with the server's own address: `5.7.44-fairlead 10.244.1.17:3306`. */
  readonly greeting?: string;
  /** Set: the server speaks TLS from the first byte, as behind a passthrough. */
  readonly tls?: ServerTls;
}

/** A TCP server that speaks first, then sends back what it gets. */
export async function tcpGreeter(
  address: string,
  port: number,
  options: GreeterOptions = {},
): Promise<TcpGreeter> {
  const greeting = options.greeting ?? `5.7.44-fairlead ${address}:${port}\n`;
  const received: Buffer[] = [];
  let hits = 0;
  const greet = (socket: NodeJS.ReadWriteStream): void => {
    hits += 1;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      socket.write(chunk);
    });
    socket.write(greeting);
  };
  const { tls } = options;
  const listener = new Listener(address, port, () =>
    tls === undefined ? createServer(greet) : createTlsServer(tls, greet),
  );
  await listener.open();
  return {
    address,
    port,
    get hits() {
      return hits;
    },
    get connections() {
      return listener.connections;
    },
    received: () => Buffer.concat(received),
    dropConnections: () => listener.dropConnections(),
    stop: () => listener.stop(),
  };
}

/** A UDP server that answers each datagram with its own address, a space and the datagram. */
export async function udpEcho(address: string, port: number): Promise<Backend> {
  requireLocalAddress(address);
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  let hits = 0;
  socket.on('message', (message, from) => {
    hits += 1;
    socket.send(`${address}:${port} ${message.toString()}`, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(port, address, () => resolve());
  });
  let stopped: Promise<void> | undefined;
  return {
    address,
    port,
    get hits() {
      return hits;
    },
    stop: () => (stopped ??= new Promise((resolve) => socket.close(() => resolve()))),
  };
}
