import { toObjectKey } from '../../model/object-ref.ts';
import { ProblemList } from '../../model/problem-list.ts';
import type { Report } from '../../model/problem.ts';
import { toEmptyTranslation, type HttpRoute, type Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { limit } from '../limits.ts';
import { findZone, reportOnce } from '../zones.ts';
import { attachRoute } from './attach.ts';
import { limitFilters } from './filter-limits.ts';
import { withoutOtherKind } from './kind-rivals.ts';
import { reportHosts } from './route-hosts.ts';
import { reportAttachments, toRouteStatus } from './route-status.ts';
import { findRefs, type RouteRefs } from './rule-refs.ts';
import { toRuleRoutes } from './rule-routes.ts';
import { listRules, type RequestRoute, type RequestRule } from './rules.ts';
import { groupByFleet, listSpots, type Spot } from './spots.ts';
import { toRuleRefusals, type FieldRefusal } from './unsupported.ts';

/** A route for requests as routes, and what its status says. One without a parent of ours comes to nothing, without a word. */
export function translateRequestRoute(context: Translating, route: RequestRoute): Translation {
  const { ref } = route.meta;
  const unit = toObjectKey(ref);
  const attachments = withoutOtherKind(context, route, attachRoute(context, route));
  if (attachments.length === 0) return toEmptyTranslation(unit);
  const problems = new ProblemList(ref);
  const report = reportOnce(problems.report);
  reportHosts(route.hostnames, report);
  reportAttachments(attachments, report);
  const { rules, spots } = limitRoutes(context, route, listSpots(attachments), report);
  const refs = findRefs(context, route, rules, report);
  const dropped = new Map<string, FieldRefusal>();
  const drop = ({ field }: RequestRule, refusal: FieldRefusal): void => {
    if (!dropped.has(field)) dropped.set(field, refusal);
  };
  const intents = [...spots].flatMap(([fleet, some]) =>
    toFleetRoutes(context, { route, rules, refs, fleet, spots: some }, drop, report),
  );
  const refusals = toRuleRefusals([...dropped], route.rules.length);
  return {
    status: toRouteStatus(attachments, { resolvedRefs: refs.refusal, ...refusals }),
    ...toEmptyTranslation(unit),
    fleets: [...spots.keys()],
    intents,
    problems: problems.toArray(),
  };
}

/** What the routes of one fleet are made of. */
interface FleetPart {
  readonly route: RequestRoute;
  readonly rules: readonly RequestRule[];
  readonly refs: RouteRefs;
  readonly fleet: string;
  readonly spots: readonly Spot[];
}

function toFleetRoutes(
  context: Translating,
  { route, rules, refs, fleet: name, spots }: FleetPart,
  drop: (rule: RequestRule, refusal: FieldRefusal) => void,
  report: Report,
): readonly HttpRoute[] {
  const fleet = context.settings.fleets.find((each) => each.name === name);
  if (fleet === undefined) return [];
  const ofZone = { ...context, zone: findZone(context.settings, name) };
  return rules.flatMap((rule) =>
    toRuleRoutes({ context: ofZone, route, fleet, refs, rule, spots }, drop, report),
  );
}

interface Limited {
  readonly rules: readonly RequestRule[];
  /** By fleet. */
  readonly spots: ReadonlyMap<string, readonly Spot[]>;
}

/** No more hosts, places and matches than make up the routes that an object may have: all matches of the first hosts. */
function limitRoutes(
  { settings }: Translating,
  route: RequestRoute,
  spots: readonly Spot[],
  report: Report,
): Limited {
  const most = settings.limits.object.routes;
  const matches = route.rules.reduce((sum, rule) => sum + rule.matches.length, 0);
  const name = { code: 'too-many-routes', name: 'routes', field: 'spec' } as const;
  const byFleet = groupByFleet(spots);
  const widest = Math.max(1, ...[...byFleet.values()].map((some) => some.length));
  const standing = Math.max(1, Math.floor(most / Math.max(1, matches)));
  limit(matches * widest, most, name, report, Math.min(matches, most) * Math.min(widest, standing));
  return {
    rules: limitFilters(listRules(route, most), settings.limits.object.middlewares, report),
    spots: new Map([...byFleet].map(([fleet, some]) => [fleet, some.slice(0, standing)])),
  };
}
