import type { Report } from '../../model/problem.ts';
import type { RouterDirective } from '../../annotations/directives.ts';
import type { Filter, HttpRoute, RoutePlace, RouteTls, RuleOrder } from '../../routes/intent.ts';
import { closed } from '../../routes/backend.ts';
import type { HostMatch } from '../../routes/match.ts';
import type { HostTlsOptions } from '../../routes/tls-options.ts';
import { toUses } from '../../routes/why.ts';
import { quote } from '../../annotations/parsers.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';
import { mayHaveOptions } from '../tls-options.ts';
import { reportOnce } from '../zones.ts';
import { toHostOptions } from './host-options.ts';
import { findCanaries } from './canary.ts';
import { withCanary, type RequestBranch, type WithCanary } from './canary-branches.ts';
import { findDefaultBackend } from './default-backend.ts';
import type { Ownership } from './ingress-class.ts';
import {
  Aliases,
  listAliases,
  listSisterRedirects,
  type AliasedPath,
  type UnplacedRoute,
} from './other-hosts.ts';
import { toPathRules } from './path-style.ts';
import { passesThrough } from './passthrough.ts';
import { addPlaceFilters } from './place-filters.ts';
import { listPlaces } from './places.ts';
import { listRoutedPaths, type RoutedPath } from './routed-paths.ts';
import type { RoutedIngress } from './routed-ingress.ts';
import { divide } from './satisfy.ts';
import { toTarget, type IngressTarget } from './target.ts';
import { toAskedTls } from './tls.ts';

/** With the TLS options that it asks for. */
interface OptionedIngress extends RoutedIngress {
  readonly options: HostTlsOptions | undefined;
}

/** The places of an Ingress on one fleet. */
interface FleetPlaces {
  readonly fleet: FleetSettings;
  readonly places: readonly (RoutePlace | undefined)[];
}

/** The HTTP routes of an Ingress: one for each host, path, fleet and, where it says on which entryPoints, entryPoint. */
export function toIngressRoutes(
  context: Translating,
  routed: RoutedIngress,
  report: Report,
): readonly HttpRoute[] {
  const { ingress, reading, ownership, fleets } = routed;
  const { directives } = reading;
  const { dialect, ingressClass } = ownership;
  const by = { fleets, ingressClass };
  const defaultBackend = findDefaultBackend(context, ingress, reading, by, report);
  const known = { fleets, dialect, ingressClass, defaultBackend, backends: new Map(), ...context };
  const places = context.settings.fleets
    .filter(({ name }) => fleets.includes(name))
    .map((fleet) => ({ fleet, places: listPlaces(fleet, ownership, directives.router, report) }));
  const optioned = { options: toHostOptions(directives, report), ...routed };
  const hosts = listAliases(ingress, directives, report);
  const paths = listRoutedPaths(ingress, toPathRules(ownership, directives), report);
  const findTarget = toTargetFinder(known, routed, report);
  const canaries = findCanaries(context, ingress);
  const aliases = new Aliases(hosts);
  const once = reportOnce(report);
  const routes = paths.flatMap((path) => {
    const found = findTarget(path);
    const filters = addPlaceFilters(context, ingress.meta.ref, directives, path, found.filters, report);
    const joining = canaries.get(path.place ?? '') ?? [];
    const target = { ...found, filters, ...(path.isBroken && { backend: closed }) };
    const whole = withCanary(context, { ingress, reading, ...known }, target, joining);
    const hasCanary = whole.backend !== target.backend || whole.branches.length > 0;
    const divided = divide(context, routed, { target, hasCanary }, once);
    const branches = [...whole.branches, ...divided.branches];
    return aliases.with(path).map((each) => toUnplaced(routed, each, divided.target, { ...whole, branches }));
  });
  const sisters = directives.wwwRedirect === true ? listSisterRedirects(context, ingress, paths, hosts) : [];
  return [...routes, ...sisters].flatMap((each) => placeEverywhere(each, places, optioned, report));
}

/** A path of an Ingress before it is known where it is served. */
function toUnplaced(
  { ingress, reading, ownership }: RoutedIngress,
  path: AliasedPath,
  { filters, uses }: IngressTarget,
  { backend, branches, uses: ofCanaries }: WithCanary,
): Unplaced {
  const { router, observability } = reading.directives;
  const { host, aliasOf } = path;
  const order = toOrder(path, ownership, router);
  const ofAliases = aliasOf ? toUses(ingress.meta.ref, ['aliases']) : [];
  const route: UnplacedRoute = {
    kind: 'http',
    owner: ingress.meta,
    why: { field: path.field, uses: [...uses, ...ofCanaries, ...ofAliases] },
    match: { host, path: path.path },
    fallback: path.fallback,
    ...(order && { order }),
    ...(observability && { observability }),
    filters,
    backend,
  };
  return { route, branches, ...(aliasOf && { aliasOf }) };
}

interface Unplaced {
  readonly route: UnplacedRoute;
  readonly branches?: readonly RequestBranch[];
  /** Set: the host is another name of this one. */
  readonly aliasOf?: HostMatch;
}

/** A route with its branches on each fleet and place. */
function placeEverywhere(
  { route, branches = [], aliasOf }: Unplaced,
  fleets: readonly FleetPlaces[],
  routed: OptionedIngress,
  report: Report,
): readonly HttpRoute[] {
  const { host } = route.match;
  // There is TLS, though not by an HTTP route: requests may be redirected to it.
  const isPassed = passesThrough(routed.reading.directives, host);
  return fleets.flatMap(({ fleet, places }) =>
    places.flatMap((asked): readonly HttpRoute[] => {
      const { place, tls } = placeRoute([host, aliasOf ?? host], asked, routed, fleet);
      const placed: HttpRoute = {
        fleet: fleet.name,
        ...route,
        ...(isPassed && { filters: route.filters.map(toUnconditional) }),
        ...(place && { place }),
        ...(tls && { tls }),
      };
      if (tls?.options === undefined || mayHaveOptions(host, fleet))
        return [placed, ...branches.map((branch) => toBranch(placed, branch))];
      reportHostless(placed, tls.options, fleet, report);
      return [{ ...placed, tls: {}, backend: closed }];
    }),
  );
}

function toUnconditional<M>(filter: Filter<M>): Filter<M> {
  const { whenTls: _, ...always } = filter;
  return always;
}

function toBranch(route: HttpRoute, { header, clients, ...part }: RequestBranch): HttpRoute {
  const match = { ...route.match, ...(header && { headers: [header] }), ...(clients && { clients }) };
  return { ...route, ...part, match };
}

function reportHostless(
  { match: { host }, why: { field } }: HttpRoute,
  options: HostTlsOptions,
  fleet: FleetSettings,
  report: Report,
): void {
  const { major, minor } = fleet.traefik;
  const why =
    host.kind === 'any'
      ? 'a rule without a host cannot have'
      : `with Traefik ${major}.${minor} of fleet ${fleet.name} a wildcard cannot have`;
  const what = options.kind === 'reference' ? `the TLS options ${quote(options.key)}` : 'client certificates';
  report('ingress-tls-options-conflict', {
    field,
    message: `${why} ${what}; the route answers 503`,
    hint: 'Write the host into spec.rules[].host, or remove the annotation.',
  });
}

/** Where the hosts of a route are served, and the TLS that one of them has or asks for there. */
function placeRoute(
  hosts: readonly [HostMatch, HostMatch],
  place: RoutePlace | undefined,
  { ingress, reading, ownership, options }: OptionedIngress,
  { entryPoints }: FleetSettings,
): { readonly place?: RoutePlace; readonly tls?: RouteTls } {
  const { directives } = reading;
  // Traefik's own provider takes spec.tls for certificates, and for nothing else.
  const entries = ownership.dialect === 'traefik' ? [] : ingress.tls;
  const isPassed = passesThrough(directives, hosts[0]);
  const [listed] = isPassed ? [] : hosts.flatMap((host) => toAskedTls(entries, directives, host) ?? []);
  // Certificates of clients are a matter of TLS, which is asked for with them.
  const tls = listed ?? (options && {});
  const details = toTlsDetails(directives.router, options);
  if (place === undefined) return { ...(tls && { tls: { ...tls, ...details } }) };
  // On an entryPoint of its own TLS is as it is asked for.
  const isTls = place.isTls || (tls !== undefined && place.entryPoint !== entryPoints.http);
  // In the clear nobody shows a certificate: it has to be known there that one is asked for.
  if (!isTls) return { place, ...(options && options.kind !== 'reference' && { tls: { options } }) };
  return { place: { ...place, isTls }, tls: { ...tls, ...details } };
}

function toTlsDetails(router: RouterDirective | undefined, options: HostTlsOptions | undefined): RouteTls {
  const { domains } = router ?? {};
  return { ...(options && { options }), ...(domains && { domains }) };
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
