import type { TraefikVersion } from '../settings/settings.ts';
import {
  all,
  any,
  clientIp,
  header,
  headerRegexp,
  host,
  hostBelow,
  hostFarBelow,
  longerHost,
  method,
  path,
  pathPrefix,
  pathRegexp,
  prefixByElement,
  query,
  queryRegexp,
  wildcardHost,
  wildcardHostRegexp,
  type Rule,
} from '../traefik/rule.ts';
import type { HostMatch, HttpMatch, PathMatch } from '../routes/match.ts';

/**
 * How the host stands in the rule of an HTTPS router. By the names there Traefik finds the TLS options of a connection. `silent`: without a name, since
 * hosts below its wildcard are routed by SNI: Traefik takes connections by names, also by those of wildcards, before it looks at what is
 * routed by SNI. `longer`: before the name of the wildcard above it. `far`: of a wildcard for several labels without the hosts one label below it.
 */
export type HostForm = 'far' | 'longer' | 'plain' | 'silent';

/** The rule of a router. */
export function toHttpRule(match: HttpMatch, version: TraefikVersion, form: HostForm = 'plain'): Rule {
  const conditions = [
    ...(match.method === undefined ? [] : [method(match.method)]),
    ...(match.headers ?? []).map(({ type, name, value }) =>
      type === 'Exact' ? header(name, value) : headerRegexp(name, value),
    ),
    ...(match.query ?? []).map(({ type, name, value }) =>
      type === 'Exact' ? query(name, value) : queryRegexp(name, value),
    ),
  ];
  for (const networks of match.clients ?? []) {
    const [first, ...others] = networks.map(clientIp);
    if (first !== undefined) conditions.push(any(first, ...others));
  }
  const hostRule = toFormedHostRule(match.host, version, form);
  // `PathPrefix("/")` is true of every request: the shorter rule costs Traefik less for each of thousands.
  const isAnyPath = match.path.type === 'Prefix' && match.path.value === '/';
  if (hostRule === undefined) return all(toPathRule(match.path), ...conditions);
  return isAnyPath ? all(hostRule, ...conditions) : all(hostRule, toPathRule(match.path), ...conditions);
}

function toFormedHostRule(match: HostMatch, version: TraefikVersion, form: HostForm): Rule | undefined {
  if (form === 'longer' && match.kind === 'exact') return longerHost(match.name);
  if (form === 'far' && match.kind === 'wildcard') return hostFarBelow(match.suffix);
  return form === 'silent' && match.kind === 'wildcard' && match.labels === 'one'
    ? wildcardHostRegexp(`*.${match.suffix}`)
    : toHostRule(match, version);
}

function toHostRule(match: HostMatch, version: TraefikVersion): Rule | undefined {
  switch (match.kind) {
    case 'any':
      return undefined;
    case 'exact':
      return host(match.name);
    case 'wildcard':
      return match.labels === 'one' ? wildcardHost(`*.${match.suffix}`, version) : hostBelow(match.suffix);
  }
}

function toPathRule({ type, value }: PathMatch): Rule {
  switch (type) {
    case 'Exact':
      return path(value);
    case 'Prefix':
      return prefixByElement(value);
    case 'PlainPrefix':
      return pathPrefix(value);
    case 'Regex':
      return pathRegexp(value);
  }
}
