import type { TraefikVersion } from '../settings/settings.ts';
import type { Section } from './sections.ts';

/** One field, or one value of a field, with the first minor version of Traefik 3 whose every release knows it. */
interface Since {
  readonly minor: number;
  /** Field names; `*` stands for each item of a list. */
  readonly path: readonly string[];
  /** Set: only this value of the field is new. */
  readonly value?: string;
}

/** The newest minor version of Traefik 3 that the table below is about. */
export const newestMinor = 7;

/**
 * What came after 3.0, found by comparing the structures of all releases. A field that came with a patch release counts for the
 * next minor version, since a fleet names the minor version only, and one unknown field makes Traefik refuse everything.
 */
const table: Readonly<Partial<Record<Section, readonly Since[]>>> = {
  'http.middlewares': [
    since(1, 'compress.defaultEncoding'),
    since(1, 'headers.contentSecurityPolicyReportOnly'),
    since(2, 'compress.encodings'),
    since(2, 'forwardAuth.headerField'),
    since(2, 'ipAllowList.ipStrategy.ipv6Subnet'),
    since(2, 'rateLimit.sourceCriterion.ipStrategy.ipv6Subnet'),
    since(2, 'inFlightReq.sourceCriterion.ipStrategy.ipv6Subnet'),
    since(3, 'forwardAuth.forwardBody'),
    since(3, 'forwardAuth.maxBodySize'),
    since(3, 'forwardAuth.preserveLocationHeader'),
    since(4, 'errors.statusRewrites'),
    since(4, 'forwardAuth.preserveRequestMethod'),
    since(4, 'rateLimit.redis'),
    since(7, 'encodedCharacters'),
    since(7, 'errors.errorRequestHeaders'),
    since(7, 'forwardAuth.authSigninURL'),
    since(7, 'forwardAuth.maxResponseBodySize'),
    since(7, 'retry.disableRetryOnNetworkError'),
    since(7, 'retry.maxRequestBodyBytes'),
    since(7, 'retry.retryNonIdempotentMethod'),
    since(7, 'retry.status'),
    since(7, 'retry.timeout'),
  ],
  'http.routers': [since(3, 'observability'), since(5, 'observability.traceVerbosity')],
  'http.serversTransports': [
    since(7, 'cipherSuites'),
    since(7, 'forwardingTimeouts.readTimeout'),
    since(7, 'forwardingTimeouts.writeTimeout'),
    since(7, 'maxVersion'),
    since(7, 'minVersion'),
  ],
  'http.services': [
    since(2, 'loadBalancer.servers.*.preservePath'),
    since(2, 'mirroring.mirrorBody'),
    since(3, 'loadBalancer.sticky.cookie.path'),
    since(3, 'weighted.sticky.cookie.path'),
    since(4, 'loadBalancer.sticky.cookie.domain'),
    since(4, 'weighted.sticky.cookie.domain'),
    since(4, 'loadBalancer.strategy'),
    since(5, 'loadBalancer.healthCheck.unhealthyInterval'),
    { ...since(6, 'loadBalancer.strategy'), value: 'hrw' },
    { ...since(6, 'loadBalancer.strategy'), value: 'leasttime' },
    since(6, 'highestRandomWeight'),
    since(6, 'loadBalancer.passiveHealthCheck'),
    since(7, 'failover.errors'),
    since(7, 'middlewares'),
  ],
  'tcp.serversTransports': [since(6, 'proxyProtocol')],
  'tcp.services': [since(6, 'loadBalancer.healthCheck'), since(6, 'weighted.healthCheck')],
  'tls.options': [since(4, 'disableSessionTickets')],
};

function since(minor: number, path: string): Since {
  return { minor, path: path.split('.') };
}

/** Whether `Host("*.example.com")` and `HostSNI("*.example.com")` are wildcards; before, Traefik has regular expressions only. */
export function knowsWildcardHosts(version: TraefikVersion): boolean {
  return version.minor >= 7 || version.major > 3;
}

/** Whether the PROXY protocol towards TCP servers is a part of their transport; before, it is one of their service. */
export function hasTransportProxyProtocol(version: TraefikVersion): boolean {
  return version.minor >= 6 || version.major > 3;
}

/** Whether failover goes by the status of answers as well. Without it, and without health checks, such a service is disabled. */
export function knowsFailoverStatuses(version: TraefikVersion): boolean {
  return version.minor >= 7 || version.major > 3;
}

/** Whether a service may have middlewares of its own. */
export function knowsServiceMiddlewares(version: TraefikVersion): boolean {
  return version.minor >= 7 || version.major > 3;
}

/** Whether requests are tried again by the status of the answer; before, only where there is none. */
export function knowsRetryStatuses(version: TraefikVersion): boolean {
  return version.minor >= 7 || version.major > 3;
}

/** Whether servers may be known by several names that are none of those they are asked for (`peerCertSANs`). */
export function knowsServerNames(version: TraefikVersion): boolean {
  return version.minor >= 8 || version.major > 3;
}

/** Whether servers may say nothing for so long only; before, Traefik waits. */
export function knowsIdleTimeouts(version: TraefikVersion): boolean {
  return version.minor >= 7 || version.major > 3;
}

export interface KnownPart<T> {
  /** The very same object when nothing had to go. */
  readonly value: T;
  /** The fields that went, such as `loadBalancer.servers[2].preservePath`. */
  readonly dropped: readonly string[];
}

/**
 * An element without the fields that this version of Traefik does not know. What is left may be unusable, such as a
 * middleware of an unknown kind: when something was dropped, check it again.
 */
export function withoutUnknownFields<T extends object>(
  section: Section,
  value: T,
  version: TraefikVersion,
): KnownPart<T> {
  if (version.minor >= newestMinor || version.major > 3) return { value, dropped: [] };
  let known: unknown = value;
  const dropped: string[] = [];
  for (const { minor, path, value: only } of table[section] ?? []) {
    if (minor > version.minor) known = without(known, path, only, '', dropped);
  }
  return { value: known as T, dropped };
}

/** Copies only the objects on the way to a field that is there. */
function without(
  from: unknown,
  path: readonly string[],
  only: string | undefined,
  at: string,
  dropped: string[],
): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof from !== 'object' || from === null) return from;
  if (key === '*') {
    if (!Array.isArray(from)) return from;
    const items: readonly unknown[] = from;
    const kept = items.map((item, index) => without(item, rest, only, `${at}[${index}]`, dropped));
    return kept.every((item, index) => item === items[index]) ? from : kept;
  }
  const fields = from as Readonly<Record<string, unknown>>;
  if (fields[key] === undefined) return from;
  const field = at === '' ? key : `${at}.${key}`;
  if (rest.length > 0) {
    const inner = without(fields[key], rest, only, field, dropped);
    return inner === fields[key] ? from : { ...fields, [key]: inner };
  }
  if (only !== undefined && fields[key] !== only) return from;
  dropped.push(field);
  const { [key]: _, ...others } = fields;
  return others;
}
