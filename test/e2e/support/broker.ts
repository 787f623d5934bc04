import { createServer, type Socket } from 'node:net';
import { Listener } from './backend.ts';

/** Where the brokers of a cluster are reached, by their hostnames: `host:port`. */
export type Advertised = () => Promise<ReadonlyMap<string, string>>;

/** A broker of a small protocol of lines that leads its clients as Kafka does; it can be stopped as a pod can. */
export interface Broker {
  readonly name: string;
  /** Connections that are open now. */
  readonly connections: number;
  stop(): Promise<void>;
}

/**
 * Starts a broker. To `BROKERS` any of them answers with all, `kafka-0=host:port,…`; to `PUT TEXT` it answers `NAME ADDRESS TEXT`.
 * The client has to send its text to the broker that it is for, at the address that it was told: a broker knows no other.
 */
export async function startBroker(
  name: string,
  address: string,
  port: number,
  advertised: Advertised,
): Promise<Broker> {
  const answer = async (line: string): Promise<string> => {
    if (line !== 'BROKERS') return `${name} ${address} ${line.replace(/^PUT /, '')}`;
    return [...(await advertised())].map(([each, at]) => `${each}=${at}`).join(',');
  };
  const serve = (socket: Socket): void => {
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        void answer(line).then(
          (says) => socket.write(`${says}\n`),
          () => socket.destroy(),
        );
    });
  };
  const listener = new Listener(address, port, () => createServer(serve));
  await listener.open();
  return {
    name,
    get connections() {
      return listener.connections;
    },
    stop: () => listener.stop(),
  };
}
