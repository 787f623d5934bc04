import type { RouteRow } from '../../model/published.ts';

/** Of a route with hundreds of servers the first ones are found. */
const mostServers = 50;
/** A rule may be as long as an object. */
const mostText = 4_000;

/**
 * What a route is found by, in lower case: words with a prefix for what is looked for most (`host:`, `ns:`, `service:`, `port:`), and
 * the rest as it stands.
 */
export function toRouteText(row: RouteRow): string {
  const [kind = '', namespace = '', name = ''] = row.object.split('/');
  const words = [
    `ns:${namespace}`,
    row.object,
    ...(kind === 'Service' ? [`service:${name}`] : []),
    ...listHosts(row.rule).map((host) => `host:${host}`),
    ...row.entryPoints.map((entryPoint) => `entrypoint:${entryPoint}`),
    ...listPorts(row.entryPoints).map((port) => `port:${port}`),
    `fleet:${row.fleet}`,
    `source:${row.source}`,
    row.protocol,
    ...(row.tls ? ['tls'] : []),
    row.router,
    `service:${row.service}`,
    row.rule,
    ...row.servers.slice(0, mostServers),
    ...row.middlewares,
  ];
  return words.join(' ').slice(0, mostText).toLowerCase();
}

/** The hosts that a rule names, as `Host`, `HostRegexp` and `HostSNI` have them. */
function listHosts(rule: string): readonly string[] {
  return [...rule.matchAll(/Host(?:SNI|Regexp|SNIRegexp)?\((?:"([^"]{1,300})"|`([^`]{1,300})`)\)/g)].map(
    ([, quoted, raw]) => quoted ?? raw ?? '',
  );
}

/** The numbers in the names of entryPoints of pool ports. */
function listPorts(entryPoints: readonly string[]): readonly string[] {
  return entryPoints.flatMap((name) => name.match(/\d{1,5}$/)?.[0] ?? []);
}
