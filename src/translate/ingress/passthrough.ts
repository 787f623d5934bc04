import { isProtective, type Directives, type MiddlewareDirective } from '../../annotations/directives.ts';
import { groupBy } from '../../lib/group-by.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { IngressBackend, Service, ServicePort } from '../../model/objects.ts';
import { annotationField, listSome, type Report } from '../../model/problem.ts';
import type { SniRoute } from '../../routes/intent.ts';
import { toHostText, type HostMatch, type NamedHost } from '../../routes/match.ts';
import { toUses } from '../../routes/why.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import { findServicePort } from '../backend/servers.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { toPortTarget } from '../service/port-target.ts';
import { Aliases, listAliases } from './other-hosts.ts';
import { toPathRules } from './path-style.ts';
import { listRoutedPaths, type RoutedPath } from './routed-paths.ts';
import type { RoutedIngress } from './routed-ingress.ts';

const field = annotationField('nginx.ingress.kubernetes.io/ssl-passthrough');
const silent: Report = () => undefined;

/** Whether the TLS connections for a host go on to the backend as they are: SNI has to name it, and all access limits to hold for connections. */
export function passesThrough(directives: Directives, host: HostMatch): host is NamedHost {
  return directives.tlsPassthrough === true && host.kind !== 'any' && toLimits(directives) !== undefined;
}

/** The routes by SNI of an Ingress that passes TLS through: one for each host of its rules, to the backend of the path `/`. */
export function toPassthroughRoutes(
  context: Translating,
  routed: RoutedIngress,
  report: Report,
): readonly SniRoute[] {
  const { ingress, reading, ownership } = routed;
  const { directives } = reading;
  if (directives.tlsPassthrough !== true) return [];
  if (toLimits(directives) === undefined) report('annotation-not-supported', unlimited);
  const aliases = new Aliases(listAliases(ingress, directives, silent));
  const paths = listRoutedPaths(ingress, toPathRules(ownership, directives), silent).flatMap((path) =>
    aliases.with(path),
  );
  const byHost = groupBy(
    paths.filter(({ fallback }) => !fallback),
    ({ host }) => toHostText(host),
  );
  return [...byHost.values()].flatMap((own) => toRoutes(context, routed, own, report));
}

const unlimited = {
  field,
  message:
    'TLS cannot pass through if a limit looks at requests or client certificates; Traefik terminates it',
  hint: 'Limit access by allowlist-source-range alone, or remove the annotation.',
};

/** @param paths Those of one host. */
function toRoutes(
  context: Translating,
  routed: RoutedIngress,
  paths: readonly RoutedPath[],
  report: Report,
): readonly SniRoute[] {
  const { ingress, reading, fleets } = routed;
  const [first] = paths;
  if (first === undefined) return [];
  const { host } = first;
  const { ref } = ingress.meta;
  if (host.kind === 'any') {
    report('annotation-in-part', {
      field,
      message: 'TLS passes through only for rules with a host; for this one Traefik terminates it',
      hint: 'Write the host into spec.rules[].host.',
    });
    return [];
  }
  if (!passesThrough(reading.directives, host)) return [];
  const root = paths.find(({ path }) => path.value === '/');
  reportPaths(host, paths, root, report);
  const key = toElementName(context, ref, 'ingress', '~passthrough', toHostText(host));
  const { backend, filters, uses } = toTarget(context, routed, root, key, report);
  return fleets.map((fleet) => ({
    kind: 'sni',
    fleet,
    owner: ingress.meta,
    why: { field: (root ?? first).field, uses: [...toUses(ref, ['fleets', 'tlsPassthrough']), ...uses] },
    host,
    key,
    filters,
    backend,
  }));
}

function reportPaths(
  host: NamedHost,
  paths: readonly RoutedPath[],
  root: RoutedPath | undefined,
  report: Report,
): void {
  const name = toHostText(host);
  if (root === undefined) {
    report('annotation-in-part', {
      field,
      message: `${name} has no path "/", whose backend would get the TLS connections; they are closed`,
      hint: 'Add the path, or remove the annotation.',
    });
    return;
  }
  const rest = [...new Set(paths.flatMap(({ path: { value } }) => (value === '/' ? [] : value)))];
  if (rest.length === 0) return;
  report('annotation-in-part', {
    field,
    message: `all TLS connections for ${name} go to the backend of its path "/"; only plain HTTP reaches ${listSome(rest)}`,
    hint: 'Give these paths a host of their own, or let the backend answer them.',
  });
}

type Target = Pick<SniRoute, 'backend' | 'filters'> & Pick<SniRoute['why'], 'uses'>;

/** Where the connections go. What is missing, or must not be reached, closes them: the HTTP routes say why. */
function toTarget(
  context: Translating,
  { ingress, reading: { directives }, fleets }: RoutedIngress,
  root: RoutedPath | undefined,
  key: string,
  report: Report,
): Target {
  const nowhere: Target = { backend: { kind: 'load-balancer', key, addresses: [] }, filters: [], uses: [] };
  const { ref } = ingress.meta;
  const found = root && findPort(context, ref, root.backend);
  if (found === undefined || directives.withhold === true) return nowhere;
  const { service, port } = found;
  const own = readServiceAnnotations(context, service.meta);
  const limits = toLimits(own.directives);
  if (limits === undefined) {
    report('access-limit-unusable', {
      field,
      message: `Service ${service.meta.ref.name} limits access by what is in requests, which cannot hold where TLS passes through; the connections are closed`,
      hint: 'Limit access by networks alone, or remove the annotation.',
    });
    return nowhere;
  }
  const asking = { service, reading: own, fleets, report };
  const target = toPortTarget(context, asking, {
    protocol: 'tcp',
    port,
    field: `${root?.field ?? ''}.backend`,
  });
  const passed = toFilters(
    context,
    'tcpMiddlewares',
    { ref: service.meta.ref, directives: limits },
    { ref, directives: toLimits(directives) ?? [] },
  );
  return {
    backend: target.backend,
    filters: [...passed.filters, ...target.limits],
    uses: [...passed.uses, ...toUses(service.meta.ref, target.carried), ...target.others],
  };
}

function findPort(
  { view }: Translating,
  { source, namespace }: ObjectRef,
  backend: IngressBackend,
): { readonly service: Service; readonly port: ServicePort } | undefined {
  const service = backend.kind === 'service' ? view.service(source, namespace, backend.name) : undefined;
  const port =
    service && backend.kind === 'service' ? findServicePort(service, backend.port, 'TCP') : undefined;
  return service && port && { service, port };
}

type Limit = MiddlewareDirective<TcpMiddleware>;

/** The access limits as connections can have them; undefined when there are others. */
function toLimits({
  middlewares = [],
  tcpMiddlewares = [],
  clientAuth,
  router,
}: Directives): readonly Limit[] | undefined {
  if ((clientAuth?.options ?? 'none') !== 'none' || router?.tlsOptions !== undefined) return undefined;
  const limits: Limit[] = [...tcpMiddlewares];
  const known = new Set(limits.map(({ role }) => role));
  for (const directive of middlewares) {
    if (!isProtective(directive) || known.has(directive.role)) continue;
    const { stage, role, middleware } = directive;
    if (middleware === null || !('ipAllowList' in middleware)) return undefined;
    const { sourceRange, ...rest } = middleware.ipAllowList;
    if (Object.keys(rest).length > 0) return undefined;
    limits.push({ stage, role, middleware: { ipAllowList: { sourceRange } } });
  }
  return limits;
}
