import type { Directives, MiddlewareDirective } from './directives.ts';

/** An annotation that asks for something, and the parts of the directives that would be different without it. */
export interface AskedAnnotation {
  readonly key: string;
  readonly value: string;
  readonly parts: readonly string[];
  /** The annotation without which it has no effect, where its declaration names one. */
  readonly needs?: string;
}

/** The kinds of parts, by what carries them: the text of a part before its slash. */
export const families: Readonly<Record<'httpBackend' | 'httpRoute' | 'tcpRoute', readonly string[]>> = {
  httpBackend: ['loadBalancer', 'scheme', 'transport'],
  httpRoute: ['middlewares'],
  tcpRoute: ['tcpHealth', 'tcpMiddlewares', 'tcpScheme', 'tcpTls', 'tcpTransport'],
};

/**
 * What directives ask for, part by part, each with its value as text. A part is what can be carried or not: a field of a load
 * balancer, a middleware, the weight of one endpoint.
 */
export function listParts(directives: Directives): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const add = (part: string, value: unknown): void => void parts.set(part, JSON.stringify(value));
  for (const name of [
    'fleets',
    'hosts',
    'paths',
    'aliases',
    'wwwRedirect',
    'tls',
    'sni',
    'sniPort',
    'expose',
    'allocatePort',
    'allocatePortsFor',
    'exposeEach',
    'contiguous',
    'pool',
    'portsFrom',
    'portsTo',
    'backends',
    'nodePortLb',
    'scheme',
    'tcpScheme',
    'tcpHealth',
    'udpHealth',
    'migrate',
    'failover',
    'mirror',
    'upstreamHost',
    'defaultBackend',
    'errorPages',
    'grantTo',
    'regexPaths',
    'tlsPassthrough',
    'satisfy',
    'redirectTo',
    'rewrite',
  ] as const) {
    if (directives[name] !== undefined) add(name, directives[name]);
  }
  for (const name of [
    'canary',
    'clientAuth',
    'loadBalancer',
    'observability',
    'router',
    'transport',
    'tcpTransport',
    'tcpTls',
  ] as const) {
    for (const [field, value] of Object.entries(directives[name] ?? {})) add(`${name}/${field}`, value);
  }
  for (const name of ['requestedPorts', 'weights'] as const) {
    for (const [item, value] of directives[name] ?? []) add(`${name}/${item}`, value);
  }
  for (const name of ['middlewares', 'tcpMiddlewares'] as const) {
    for (const { differs: _, ...directive } of directives[name] ?? [])
      add(toMiddlewarePart(name, directive), directive);
  }
  return parts;
}

/** The part of one middleware. */
export function toMiddlewarePart(
  name: 'middlewares' | 'tcpMiddlewares',
  { role }: Pick<MiddlewareDirective<unknown>, 'role'>,
): string {
  return `${name}/${role}`;
}

/** The part of a canary that is one of its places: what it is called in `RoutedPath`. */
export function toPlacePart(place: string): string {
  return `place/${place}`;
}

/** `loadBalancer` of `loadBalancer/strategy`. */
export function toFamily(part: string): string {
  const slash = part.indexOf('/');
  return slash < 0 ? part : part.slice(0, slash);
}

/** The parts of these families. */
export function selectParts(parts: Iterable<string>, wanted: readonly string[]): readonly string[] {
  return [...parts].filter((part) => wanted.includes(toFamily(part)));
}

/** Each item of these is asked for by itself: that one of them is used says nothing of the others. */
export function isItemised(part: string): boolean {
  return ['place/', 'requestedPorts/', 'weights/'].some((family) => part.startsWith(family));
}

/** What of a servers transport is about TLS. */
const tlsFields = ['certificates', 'insecureSkipVerify', 'maxVersion', 'minVersion', 'rootCAs', 'serverName'];

/** The parts that a backend without TLS has no use for. */
export const tlsParts: readonly string[] = ['transport', 'tcpTls'].flatMap((family) =>
  tlsFields.map((field) => `${family}/${field}`),
);

/** What is known of an object once something is made of it, noted beside the parts: it says why a part has no effect. */
export const facts = {
  /** It has a route of its own. */
  routed: 'is routed',
  /** HTTP routes lead to the Service; over HTTPS. */
  http: 'is http',
  https: 'is https',
  /** Pool ports lead to the Service. */
  tcp: 'is tcp',
  udp: 'is udp',
  /** Traffic goes to its endpoints. */
  endpoints: 'is endpoints',
  /** It is a part of another Ingress. */
  canary: 'is canary',
  /** Some of them have weights by their EndpointSlices. */
  weighedBySlices: 'is weighed by slices',
} as const;

/** Why a canary has no part in a place: it limits access in another way than is done there, or an older one has it. */
export function toPlaceFact(why: 'limited' | 'younger', place: string): string {
  return `is ${why} at ${place}`;
}

export function isFact(part: string): boolean {
  return part.startsWith('is ');
}
