import { toObjectKey } from '../../model/object-ref.ts';
import type { Report } from '../../model/problem.ts';
import { failed } from '../../routes/backend.ts';
import type { Filter, HttpRoute } from '../../routes/intent.ts';
import type { PathMatch } from '../../routes/match.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toElementName } from '../context.ts';
import { inOrder } from '../filters.ts';
import { toFilterParts, type FilterPart, type FilterPlace } from './filters.ts';
import { toRuleBackend, toVariant, type RuleBackend, type RuleSite } from './http-backends.ts';
import type { RuleMatch } from './matches.ts';
import { toRetry } from './retries.ts';
import type { RequestRule } from './rules.ts';
import type { BackendSite } from './service-backend.ts';
import type { Spot } from './spots.ts';
import { reportRefusal, type FieldRefusal } from './unsupported.ts';
import { countElements } from './url-path.ts';

/** A rule of a route on one fleet, and where it is served there. */
export type RuleOnFleet = Omit<RuleSite, 'client' | 'place' | 'variant'> & {
  readonly spots: readonly Spot[];
};

type Drop = (rule: RequestRule, refusal: FieldRefusal) => void;

/**
 * The routes of a rule: one for each place, host and match. What cannot be carried out answers 500, and is reported; a match that cannot
 * be told is left out.
 */
export function toRuleRoutes(site: RuleOnFleet, drop: Drop, report: Report): readonly HttpRoute[] {
  const { rule, spots } = site;
  const dropped = (refusal: FieldRefusal): void => {
    // What a ref or an extension lacks is said in `ResolvedRefs`.
    if (refusal.code === 'gateway-refs-unresolved') return;
    drop(rule, refusal);
    reportRefusal(refusal, report);
  };
  const findWay = toWayFinder(site, dropped, report);
  return rule.matches.flatMap((match) => {
    if ('code' in match) {
      dropped(match);
      return [];
    }
    return spots.map((spot) => toRoute(site, spot, match, findWay(spot, match)));
  });
}

/** How requests go on from a place. */
type Way = Pick<RuleBackend, 'backend' | 'filters' | 'uses'>;

function toRoute(
  { route, fleet }: RuleOnFleet,
  { parent, binding, host }: Spot,
  { field, match }: RuleMatch,
  { backend, filters, uses }: Way,
): HttpRoute {
  const { place, tls } = binding;
  return {
    kind: 'http',
    owner: route.meta,
    why: { field, uses },
    fleet: fleet.name,
    match: { host, ...match },
    fallback: false,
    place,
    ...(tls && { tls }),
    tied: true,
    tenant: parent.holder.ref,
    filters,
    backend,
  };
}

/** Backends and filters are the same for many places, and put together once. */
function toWayFinder(
  site: RuleOnFleet,
  dropped: (refusal: FieldRefusal) => void,
  report: Report,
): (spot: Spot, match: RuleMatch) => Way {
  const ways = new Map<string, Way>();
  return (spot, { match: { path } }) => {
    const place = toPlace(site, spot, path);
    const client = toClient(spot);
    const key = JSON.stringify([place.port, place.isTls, countElements(path), client?.name]);
    const known = ways.get(key);
    if (known !== undefined) return known;
    const way = toWay({ place, ...site, ...(client && { client }) }, report);
    if ('code' in way) dropped(way);
    const result = 'code' in way ? { backend: failed, filters: [], uses: [] } : way;
    ways.set(key, result);
    return result;
  };
}

function toPlace({ fleet }: RuleOnFleet, { listener, binding }: Spot, path: PathMatch): FilterPlace {
  return { fleet, port: listener.listener.port, isTls: binding.place.isTls, path };
}

function toClient({ parent: { clientCertificate: secret, gateway } }: Spot): BackendSite['client'] {
  return secret && { secret, name: `${gateway.namespace}:${gateway.name}` };
}

function toWay(site: Omit<RuleSite, 'variant'>, report: Report): FieldRefusal | Way {
  const { context, route, rule, fleet, place } = site;
  if (rule.refusal !== undefined) return rule.refusal;
  const parts = toFilterParts(rule.filters, place);
  if ('code' in parts) return parts;
  const retry = rule.retry && toRetry(rule.retry, rule.timeout, fleet);
  if (retry !== undefined && 'code' in retry) return retry;
  const variant = toVariant(rule, place);
  const made = toRuleBackend({ variant, ...site });
  if ('code' in made) return made;
  for (const { code, ...details } of made.findings) report(code, details);
  const use = { object: toObjectKey(route.meta.ref), part: `rules/${rule.index}` };
  const toFilter = ({ stage, role, value }: FilterPart): Filter<HttpMiddleware> => {
    const { ref } = route.meta;
    return {
      key: toElementName(context, ref, ref.kind.toLowerCase(), `rule-${rule.index}`, role),
      stage,
      value,
      use,
    };
  };
  const own = [...parts, ...(retry ? [{ stage: 'retry', role: 'retry', value: retry } as const] : [])];
  return {
    backend: made.backend,
    filters: inOrder([...made.filters, ...own.map(toFilter)]),
    uses: made.uses,
  };
}
