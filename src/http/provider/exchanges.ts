import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * So many answers may be under way on one connection. Traefik asks for one after the other; who asks for thousands at once and reads none
 * of them would keep all of them here, and have the process let go of all at the same moment.
 */
export const MOST_ANSWERS = 16;

/** A connection on which requests may come. */
interface Connection {
  /** False until the first request has come. */
  asked: boolean;
  /** The answers under way: more than one when the client pipelines. */
  readonly responses: Set<ServerResponse>;
}

/**
 * The connections of one server and what is under way on them, for a stop that cuts nothing short. Node's own `close` of an HTTP
 * server takes an answer as done when it was handed over, and destroys a connection whose client is still reading it.
 */
export class Exchanges {
  readonly #handler: RequestListener;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Map<Socket, Connection>();
  #closing = false;

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
      this.#connections.set(socket, { asked: false, responses: new Set() });
      socket.once('close', () => this.#connections.delete(socket));
    });
  }

  /** Passes a request on to the handler. */
  readonly handle = (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void => {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    // What else had come with the request that was too many.
    if (socket.destroyed) return;
    if (connection && connection.responses.size >= MOST_ANSWERS) {
      socket.destroy();
      return;
    }
    if (connection) {
      connection.asked = true;
      connection.responses.add(response);
      response.once('close', () => {
        connection.responses.delete(response);
        // Its headers may have left before the stop, so that the client believes the connection stays open.
        if (this.#closing && connection.responses.size === 0) socket.destroySoon();
      });
    }
    if (this.#closing) response.setHeader('Connection', 'close');
    this.#handler(request, response);
  };

  /** Closes what is idle. From now on each other connection ends with the answer that is under way, or with its first one. */
  closeConnections(): void {
    this.#closing = true;
    for (const [socket, { asked, responses }] of this.#connections) {
      if (asked && responses.size === 0) socket.destroy();
      for (const response of responses) {
        if (!response.headersSent) response.setHeader('Connection', 'close');
      }
    }
  }

  /** Destroys the connections that have sent no request yet. */
  destroySilent(): void {
    for (const [socket, { asked }] of this.#connections) if (!asked) socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
