import { httpGet, type HttpRequest, type HttpResponse } from '../client.ts';
import { certificates } from '../certificates.ts';
import { toSeen, type Seen } from '../everywhere-echo.ts';
import type { Entrance, Probe } from './probe.ts';

/** Where one of the two Traefiks listens. */
export interface Door {
  readonly ip: string;
  readonly ports: Readonly<Record<Entrance, number>>;
}

/** What came back on one probe, with what says nothing left out. Lists are sorted and without duplicates. */
export interface Answer {
  /** Also `no answer`, when the connection was refused, cut or silent. */
  readonly statuses: readonly string[];
  /** How many requests were sent. */
  readonly requests: number;
  /** Of the first answer, without those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the first answer: name and attributes, without values. */
  readonly cookies: readonly string[];
  /** Of the first answer, where it was not made by an echo server. */
  readonly body: string;
  readonly backends: readonly string[];
  /** Which part of the answers came from each of them. */
  readonly shares: Readonly<Record<string, number>>;
  /** What the server behind saw of the first request that it got. */
  readonly seen: Readonly<Record<string, string>>;
  /** The names in the certificate of the edge, and its number. */
  readonly certificate: string;
}

const alwaysThere = new Set([
  'date',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
]);
/** Other in each arm, or what the suite itself sends. */
const own = new Set(['x-echo', 'x-echo-id', 'host', 'content-length']);
let ids = 0;

/** Sends the requests of a probe. `from` is the client's address unless the probe has one. Never rejects. */
export async function ask({ ip, ports }: Door, probe: Probe, from: string): Promise<Answer> {
  const { entrance = 'web', times = 4, together = false } = probe;
  const cookies = new Map<string, string>();
  const send = async (): Promise<HttpResponse | string> => {
    const request = { ...toRequest(probe, from), ip, port: ports[entrance] };
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...request.headers, ...(cookie === '' ? {} : { cookie }) };
    try {
      const response = await httpGet({ ...request, headers });
      if (probe.keepCookies === true) keep(cookies, response);
      return response;
    } catch (error) {
      return String(error);
    }
  };
  if (together) {
    const all = summarize(await Promise.all(Array.from({ length: times }, send)));
    // Which of them came first says nothing.
    return { ...all, headers: {}, cookies: [], body: '', seen: {}, shares: {} };
  }
  const results: (HttpResponse | string)[] = [];
  for (let n = 0; n < times; n++) {
    const result = await send();
    results.push(result);
    // Without a server behind, more of the same say nothing, unless someone asks for a number of them.
    if (probe.times === undefined && (typeof result === 'string' || toSeen(result.body) === undefined)) break;
  }
  const all = summarize(results);
  // Whichever server the first of them came to: what counts is that the others came to the same.
  return probe.keepCookies === true
    ? { ...all, backends: [`${all.backends.length} of them`], shares: {} }
    : all;
}

function toRequest(probe: Probe, from: string): Omit<HttpRequest, 'port'> {
  const { host, path = '/', entrance = 'web', method, bodyBytes, echo, certificate } = probe;
  ids += 1;
  return {
    host,
    path,
    tls: probe.tls ?? entrance === 'websecure',
    from: probe.from ?? from,
    timeoutMs: 8_000,
    headers: {
      'x-echo-id': String(ids),
      ...(echo === undefined ? {} : { 'x-echo': JSON.stringify(echo) }),
      ...probe.headers,
    },
    ...(method === undefined ? {} : { method }),
    ...(probe.sni === undefined ? {} : { sni: probe.sni }),
    ...(bodyBytes === undefined ? {} : { body: Buffer.alloc(bodyBytes, 'x') }),
    ...(certificate === undefined
      ? {}
      : { certificate: certificate === 'unrelated' ? certificates.unrelated : certificates.edgeClient }),
  };
}

function keep(cookies: Map<string, string>, { headers }: HttpResponse): void {
  for (const line of headers['set-cookie'] ?? []) {
    const { name = '', value = '' } = /^(?<name>[^=]*)=(?<value>[^;]*)/.exec(line)?.groups ?? {};
    cookies.set(name, value);
  }
}

function summarize(results: readonly (HttpResponse | string)[]): Answer {
  const statuses = results.map((each) => (typeof each === 'string' ? 'no answer' : String(each.status)));
  const responses = results.filter((each) => typeof each !== 'string');
  const [first] = responses;
  const seen = responses.flatMap(({ body }) => toSeen(body) ?? []);
  const isEcho = first !== undefined && toSeen(first.body) !== undefined;
  const { subject, subjectaltname, serialNumber } = first?.certificate ?? {};
  return {
    statuses: toSet(statuses),
    requests: results.length,
    headers: toHeaders(first?.headers ?? {}, alwaysThere),
    cookies: toSet((first?.headers['set-cookie'] ?? []).map((line) => line.replace(/=[^;]*/, ''))),
    body: isEcho ? '' : (first?.body ?? '').trim().slice(0, 300),
    backends: toSet(seen.map(({ backend }) => backend)),
    shares: toShares(seen.map(({ backend }) => backend)),
    seen: seen[0] === undefined ? {} : toFacts(seen[0]),
    certificate:
      serialNumber === undefined ? '' : `${subjectaltname ?? String(subject?.CN ?? '')} ${serialNumber}`,
  };
}

function toFacts(seen: Seen): Record<string, string> {
  const { scheme, method, path, host, bodyBytes, attempt, sni = '', client = '', headers } = seen;
  const plain = { scheme, method, path, host, bodyBytes, attempt, sni, client };
  const facts = Object.entries(plain).map(([name, value]) => [name, String(value)] as const);
  const named = Object.entries(toHeaders(headers, own)).map(
    ([name, value]) => [`header ${name}`, value] as const,
  );
  return Object.fromEntries([...facts, ...named]);
}

function toHeaders(
  headers: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string>,
): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !without.has(name) && !name.startsWith(':'));
  return Object.fromEntries(
    kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, String(value)]),
  );
}

function toShares(values: readonly string[]): Record<string, number> {
  const count = (value: string): number => values.filter((each) => each === value).length / values.length;
  return Object.fromEntries(toSet(values).map((value) => [value, count(value)]));
}

function toSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}
