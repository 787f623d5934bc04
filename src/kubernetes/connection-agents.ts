import { createHash } from 'node:crypto';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import type { Connection } from './connection.ts';

/** Each watch keeps a connection for itself; calls share a few. */
export interface Agents {
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
}

/** So many calls go on at a time; further ones wait for a connection. */
const callConnections = 4;

const connectMs = 10_000;

/** The connections to one API server, kept between requests. They are made again when the certificates change. */
export class ConnectionAgents {
  readonly #all = new Set<Dispatcher>();
  #key = '';
  #agents: Agents | undefined;
  #closed = false;

  /** @throws Error for a kind of proxy that is not supported, and after `close`. */
  for(connection: Connection): Agents {
    if (this.#closed) throw new Error('The client has been closed.');
    const key = toKey(connection);
    if (this.#agents !== undefined && key === this.#key) return this.#agents;
    const former = this.#agents;
    this.#agents = {
      calls: this.#keep(createAgent(connection, callConnections)),
      watches: this.#keep(createAgent(connection, null)),
    };
    this.#key = key;
    // What is under way may end in its own time.
    if (former !== undefined) for (const agent of [former.calls, former.watches]) this.#retire(agent);
    return this.#agents;
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#all].map((agent) => agent.destroy()));
    this.#all.clear();
  }

  #keep(agent: Dispatcher): Dispatcher {
    this.#all.add(agent);
    return agent;
  }

  #retire(agent: Dispatcher): void {
    const forget = (): void => void this.#all.delete(agent);
    agent.close().then(forget, forget);
  }
}

function createAgent({ tls, proxy }: Connection, connections: number | null): Dispatcher {
  const options = {
    // With HTTP/2 a single dead TCP connection would silence every kind at once.
    allowH2: false,
    // A quiet watch is as it should be; how long it may be quiet is up to the reflector.
    bodyTimeout: 0,
    headersTimeout: 0,
    connections,
    keepAliveTimeout: 30_000,
  };
  if (proxy === undefined || proxy === null || proxy === '') {
    return new Agent({
      ...options,
      // Load balancers forget connections that are quiet for a minute.
      connect: { ...tls, timeout: connectMs, keepAlive: true, keepAliveInitialDelay: 30_000 },
    });
  }
  if (!/^https?:/.test(proxy)) throw new Error(`The proxy-url of the kubeconfig is not http or https.`);
  return new ProxyAgent({ ...options, uri: proxy, requestTls: { ...tls, timeout: connectMs } });
}

function toKey({ server, proxy, tls }: Connection): string {
  const hash = createHash('sha256');
  for (const part of [
    server,
    proxy,
    tls.servername,
    tls.rejectUnauthorized,
    tls.ca,
    tls.cert,
    tls.key,
    tls.pfx,
  ]) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part ?? null));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}
