import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections of one server and what is under way on them. Node closes idle connections when a server closes, but keeps
 * one whose answer was under way for the whole keep-alive time, and one that never sent a request for good.
 */
export class Exchanges {
  readonly #handler: RequestListener;
  readonly #sockets = new Set<Socket>();
  /** Connected, but no request has come yet. */
  readonly #silent = new Set<Socket>();
  readonly #responses = new Set<ServerResponse>();
  #closing: Server | undefined;

  constructor(handler: RequestListener) {
    this.#handler = handler;
  }

  /** `ready` is the event that hands out a connection on which requests may come. */
  attach(server: Server, ready: 'connection' | 'secureConnection'): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on(ready, (socket: Socket) => {
      this.#silent.add(socket);
      socket.once('close', () => this.#silent.delete(socket));
    });
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void => {
    this.#silent.delete(request.socket);
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      // Its headers may have left before the stop, so that the client believes the connection stays open.
      if (this.#closing) setImmediate(() => this.#closing?.closeIdleConnections());
    });
    if (this.#closing) response.setHeader('Connection', 'close');
    this.#handler(request, response);
  };

  /** From now on each connection ends with the answer that is under way, or with its next one. */
  closeConnections(server: Server): void {
    this.#closing = server;
    for (const response of this.#responses) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
  }

  destroySilent(): void {
    for (const socket of this.#silent) socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
