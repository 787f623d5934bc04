import type { Server, Socket } from 'node:net';
import { requireLocalAddress } from './local-address.ts';

/** A real server behind Traefik. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  /** Requests (HTTP), connections (TCP) or datagrams (UDP) so far. */
  readonly hits: number;
  /** Ends its connections and frees its port. */
  stop(): Promise<void>;
}

/** A TCP listener that can be closed, its connections with it, and opened again on the same address. */
export class Listener {
  readonly #address: string;
  readonly #port: number;
  readonly #create: () => Server;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(address: string, port: number, create: () => Server) {
    requireLocalAddress(address);
    this.#address = address;
    this.#port = port;
    this.#create = create;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Resolves when the port listens; rejects when it is taken or not ours. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = this.#create();
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      // Traefik resets connections that it gives up; that is no failure of the server.
      socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, this.#address, () => resolve());
    });
    this.#server = server;
  }

  /** Resolves when nothing listens on the port and no connection is left. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.dropConnections();
    await closed;
  }

  /** Resets the open connections; the port goes on listening. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
