import { toEcho, type Echo } from './backends.ts';
import { httpGet, tcpConnect, type HttpRequest, type HttpResponse } from './client.ts';
import { eventually } from './eventually.ts';

/** The address of the client that asks, unless another is given. */
export const clientAddress = '203.0.113.9';

/** A request to an edge, on its port for HTTP, or for HTTPS with `tls`; default the edge at 127.0.0.1. */
export function ask(host: string, more: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return httpGet({ port: more.tls === true ? 443 : 80, host, from: clientAddress, ...more });
}

/** The status of the answer to `GET /`. */
export async function askStatus(host: string): Promise<number> {
  return (await ask(host)).status;
}

/** What the echo server behind the edge saw of a request; rejects when the answer is no 200. */
export async function see(host: string, more: Partial<HttpRequest> = {}): Promise<Echo> {
  const { status, body } = await ask(host, more);
  if (status !== 200) throw new Error(`${host}${more.path ?? '/'} answered ${status}: ${body}`);
  return toEcho(body);
}

/** The first line of a server that speaks first, on a connection of its own; rejects when none comes in two seconds. */
export async function readGreeting(ip: string, port: number): Promise<string> {
  const connection = await tcpConnect(ip, port);
  try {
    return await connection.readLine(2_000);
  } finally {
    await connection.stop();
  }
}

/** Resolves once each host answers with 200 on each edge; rejects after 15 s, naming the one that does not. */
export async function untilServed(ips: readonly string[], hosts: readonly string[]): Promise<void> {
  for (const host of hosts)
    for (const ip of ips) await eventually(`${host} is served by ${ip}`, 15_000, () => see(host, { ip }));
}
