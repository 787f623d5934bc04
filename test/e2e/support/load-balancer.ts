import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { Listener } from './backend.ts';
import { findFreePort } from './local-address.ts';

/** A backend of the load balancer: where requests go, and where it asks whether they may. */
export interface Member {
  readonly port: number;
  readonly readyUrl: string;
}

/** A load balancer over HTTP that sends requests to those that answer their check with 200, in turn, and tries nothing twice. */
export interface LoadBalancer {
  readonly port: number;
  /** How many members pass their check now. */
  readonly ready: number;
  stop(): Promise<void>;
}

const CHECK_MS = 250;

export async function startLoadBalancer(members: readonly Member[]): Promise<LoadBalancer> {
  const passing = new Set<Member>();
  const agent = new Agent({ keepAlive: true });
  const check = async (member: Member): Promise<void> => {
    const response = await fetch(member.readyUrl, { signal: AbortSignal.timeout(1_000) }).catch(
      () => undefined,
    );
    if (response?.status === 200) passing.add(member);
    else passing.delete(member);
  };
  await Promise.all(members.map(check));
  const timer = setInterval(() => members.forEach((member) => void check(member)), CHECK_MS);
  let next = 0;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const member = [...passing][next++ % Math.max(1, passing.size)];
    if (member === undefined) return void outgoing.writeHead(503).end();
    const { url: path, method, headers } = incoming;
    const failed = (): void =>
      void (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end());
    request({ agent, host: '127.0.0.1', port: member.port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.once('error', failed).pipe(outgoing);
    })
      .once('error', failed)
      .end();
  };
  const port = await findFreePort();
  const listener = new Listener('127.0.0.1', port, () => createServer(pass));
  await listener.open();
  return {
    port,
    get ready() {
      return passing.size;
    },
    stop: async () => {
      clearInterval(timer);
      agent.destroy();
      await listener.stop();
    },
  };
}
