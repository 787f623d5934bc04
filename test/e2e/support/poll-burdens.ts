import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MOST_ANSWERS } from '../../../src/http/provider/exchanges.ts';

/** Connections that only cost. They come from other addresses than those of the pollers, and one that is closed is opened again after two seconds. */
export interface Burden {
  /** How many connections the server has closed. */
  closed(): number;
  stop(): Promise<void>;
}

/** Clients that ask for the document as often as they may, and never read a byte of an answer. */
export function neverReading(url: string, count: number): Burden {
  const { pathname, host } = new URL(url);
  // Uncompressed, so that the answers do not fit into the buffers of the system.
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  return burden(url, count, '127.0.0.3', (socket) => {
    socket.pause();
    socket.write(request.repeat(MOST_ANSWERS));
    // Who does not read hears of the end only when it writes.
    const timer = setInterval(() => socket.write('\r\n'), 1_000);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Connections on which a request begins and goes no further. */
export function halfOpen(url: string, count: number): Burden {
  const { pathname } = new URL(url);
  return burden(url, count, '127.0.0.4', (socket) => {
    socket.resume();
    socket.write(`GET ${pathname} HTTP/1.1\r\nX-Half: `);
  });
}

function burden(url: string, count: number, localAddress: string, begin: (socket: Socket) => void): Burden {
  const { hostname: host, port } = new URL(url);
  const sockets = new Set<Socket>();
  let [closed, isStopped] = [0, false];
  const open = (): void => {
    const socket = connect({ host, port: Number(port), localAddress });
    sockets.add(socket);
    socket.once('connect', () => begin(socket));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      if (isStopped) return;
      closed += 1;
      setTimeout(open, 2_000).unref();
    });
  };
  for (let opened = 0; opened < count; opened++) open();
  return {
    closed: () => closed,
    async stop() {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
      await sleep(50);
    },
  };
}
