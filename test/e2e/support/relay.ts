import { connect, createServer, type Socket } from 'node:net';
import { Listener } from './backend.ts';
import { findFreePort } from './local-address.ts';

/** What a Service is to the clients of several replicas: one address, and each connection goes to one that lives. */
export interface Relay {
  /** `ip:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Relays connections to the first of these addresses (`ip:port`) that takes them, starting with another one each time. */
export async function startRelay(targets: readonly string[]): Promise<Relay> {
  const port = await findFreePort();
  let turn = 0;
  const listener = new Listener('127.0.0.1', port, () =>
    createServer((client) => {
      turn += 1;
      const first = turn % targets.length;
      forward(client, [...targets.slice(first), ...targets.slice(0, first)]);
    }),
  );
  await listener.open();
  return { address: `127.0.0.1:${port}`, stop: () => listener.stop() };
}

function forward(client: Socket, [target, ...others]: readonly string[]): void {
  if (target === undefined) {
    client.destroy();
    return;
  }
  const [host = '', port = ''] = target.split(':');
  const server = connect(Number(port), host);
  server.once('error', () => forward(client, others));
  server.once('connect', () => {
    server.removeAllListeners('error').on('error', () => client.destroy());
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}
