import type { Ingress } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import type { RouterDirective } from '../../annotations/directives.ts';
import type { Reading } from '../../annotations/read.ts';
import type { HttpRoute, RoutePlace, RouteTls, RuleOrder } from '../../routes/intent.ts';
import { closed } from '../../routes/backend.ts';
import type { HostMatch } from '../../routes/match.ts';
import { knowsWildcardHosts } from '../../traefik/versions.ts';
import { quote } from '../../annotations/parsers.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';
import { findCanaries } from './canary.ts';
import { withCanary, type RequestBranch } from './canary-branches.ts';
import { findDefaultBackend } from './default-backend.ts';
import type { Ownership } from './ingress-class.ts';
import { toPathRules } from './path-style.ts';
import { addPlaceFilters } from './place-filters.ts';
import { listPlaces } from './places.ts';
import { listRoutedPaths, type RoutedPath } from './routed-paths.ts';
import { toTarget, type IngressTarget } from './target.ts';
import { toAskedTls } from './tls.ts';

/** An Ingress with what is known of it, for some of the fleets that serve it. */
export interface RoutedIngress {
  readonly ingress: Ingress;
  readonly reading: Reading;
  readonly ownership: Ownership;
  readonly fleets: readonly string[];
}

/** The HTTP routes of an Ingress: one for each path, fleet and, where it says on which entryPoints, entryPoint. */
export function toIngressRoutes(
  context: Translating,
  routed: RoutedIngress,
  report: Report,
): readonly HttpRoute[] {
  const { ingress, reading, ownership, fleets } = routed;
  const { router, observability } = reading.directives;
  const { dialect, ingressClass } = ownership;
  const by = { fleets, ingressClass };
  const defaultBackend = findDefaultBackend(context, ingress, reading, by, report);
  const known = { ...context, fleets, dialect, ingressClass, defaultBackend, backends: new Map() };
  const findTarget = toTargetFinder(known, routed, report);
  const canaries = findCanaries(context, ingress);
  const places = context.settings.fleets
    .filter(({ name }) => fleets.includes(name))
    .map((fleet) => ({ fleet, places: listPlaces(fleet, ownership, router, report) }));
  return listRoutedPaths(ingress, toPathRules(ownership, reading.directives), report).flatMap((path) => {
    const found = findTarget(path);
    const { ref } = ingress.meta;
    const filters = addPlaceFilters(context, ref, reading.directives, path, found.filters, report);
    const target = { ...found, filters };
    const joining = canaries.get(path.place ?? '') ?? [];
    const { backend, branches, uses } = withCanary(context, { ...known, ingress, reading }, target, joining);
    const order = toOrder(path, ownership, router);
    const rest = {
      kind: 'http',
      owner: ingress.meta,
      why: { field: path.field, uses: [...target.uses, ...uses] },
      match: { host: path.host, path: path.path },
      fallback: path.fallback,
      ...(order && { order }),
      ...(observability && { observability }),
      filters: target.filters,
      backend,
    } as const;
    return places.flatMap(({ fleet, places: all }) =>
      all.flatMap((asked): readonly HttpRoute[] => {
        const { place, tls } = placeRoute(path, asked, routed, fleet);
        const placed: HttpRoute = {
          ...rest,
          fleet: fleet.name,
          ...(place && { place }),
          ...(tls && { tls }),
        };
        if (tls?.options === undefined || mayHaveOptions(path.host, fleet))
          return [placed, ...branches.map((branch) => toBranch(placed, branch))];
        reportHostless(path, tls.options, fleet, report);
        return [{ ...placed, tls: {}, backend: closed }];
      }),
    );
  });
}

function toBranch(route: HttpRoute, { header, ...part }: RequestBranch): HttpRoute {
  return { ...route, ...part, match: { ...route.match, headers: [header] } };
}

/** Traefik finds TLS options by the names in `Host`, and takes the default ones for a rule that has none. */
function mayHaveOptions({ kind }: HostMatch, { traefik }: FleetSettings): boolean {
  return kind === 'exact' || (kind === 'wildcard' && knowsWildcardHosts(traefik));
}

function reportHostless(
  { host, field }: RoutedPath,
  options: string,
  fleet: FleetSettings,
  report: Report,
): void {
  const { major, minor } = fleet.traefik;
  const why =
    host.kind === 'any'
      ? 'a rule without a host cannot have'
      : `with Traefik ${major}.${minor} of fleet ${fleet.name} a wildcard cannot have`;
  report('ingress-tls-options-conflict', {
    field,
    message: `${why} the TLS options ${quote(options)}; the route answers 503`,
    hint: 'Write the host into spec.rules[].host, or remove the annotation.',
  });
}

/** Where a path is served, and the TLS that it has or asks for there. */
function placeRoute(
  { host }: RoutedPath,
  place: RoutePlace | undefined,
  { ingress, reading, ownership }: RoutedIngress,
  { entryPoints }: FleetSettings,
): { readonly place?: RoutePlace; readonly tls?: RouteTls } {
  const { directives } = reading;
  // Traefik's own provider takes spec.tls for certificates, and for nothing else.
  const tls = toAskedTls(ownership.dialect === 'traefik' ? [] : ingress.tls, directives, host);
  if (place === undefined) return { ...(tls && { tls: { ...tls, ...toTlsDetails(directives.router) } }) };
  // On an entryPoint of its own TLS is as it is asked for.
  const isTls = place.isTls || (tls !== undefined && place.entryPoint !== entryPoints.http);
  if (!isTls) return { place };
  return { place: { ...place, isTls }, tls: { ...tls, ...toTlsDetails(directives.router) } };
}

function toTlsDetails(router: RouterDirective | undefined): RouteTls {
  const { tlsOptions: options, domains } = router ?? {};
  return { ...(options !== undefined && { options }), ...(domains && { domains }) };
}

function toOrder(
  { fallback, ruleLength: length }: RoutedPath,
  { dialect }: Ownership,
  router: RouterDirective | undefined,
): RuleOrder | undefined {
  const asked = router?.priority;
  if (fallback || (dialect !== 'traefik' && asked === undefined)) return undefined;
  return { length, ...(asked !== undefined && { asked }) };
}

/** A default backend stands at many hosts, and has its problems once. */
function toTargetFinder(
  known: Parameters<typeof toTarget>[0],
  { ingress, reading }: RoutedIngress,
  report: Report,
): (path: RoutedPath) => IngressTarget {
  let fallback: IngressTarget | undefined;
  return ({ backend, field, fallback: isFallback }) =>
    isFallback
      ? (fallback ??= toTarget(known, ingress, reading, backend, field, report))
      : toTarget(known, ingress, reading, backend, `${field}.backend`, report);
}
