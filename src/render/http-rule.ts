import type { TraefikVersion } from '../settings/settings.ts';
import {
  all,
  header,
  headerRegexp,
  host,
  hostBelow,
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
 * The rule of a router.
 * @param hasSniBelow Whether hosts below its wildcard are routed by SNI. By a name in the rule of an HTTPS router Traefik takes the
 * connections for it before it looks at what is routed by SNI, also where the name is a wildcard and the other a host below it.
 */
export function toHttpRule(match: HttpMatch, version: TraefikVersion, hasSniBelow = false): Rule {
  const conditions = [
    ...(match.method === undefined ? [] : [method(match.method)]),
    ...(match.headers ?? []).map(({ type, name, value }) =>
      type === 'Exact' ? header(name, value) : headerRegexp(name, value),
    ),
    ...(match.query ?? []).map(({ type, name, value }) =>
      type === 'Exact' ? query(name, value) : queryRegexp(name, value),
    ),
  ];
  const hostRule = hasSniBelow ? toSilentHostRule(match.host, version) : toHostRule(match.host, version);
  // `PathPrefix("/")` is true of every request: the shorter rule costs Traefik less for each of thousands.
  const isAnyPath = match.path.type === 'Prefix' && match.path.value === '/';
  if (hostRule === undefined) return all(toPathRule(match.path), ...conditions);
  return isAnyPath ? all(hostRule, ...conditions) : all(hostRule, toPathRule(match.path), ...conditions);
}

function toSilentHostRule(match: HostMatch, version: TraefikVersion): Rule | undefined {
  return match.kind === 'wildcard' && match.labels === 'one'
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
