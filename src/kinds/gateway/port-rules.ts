import type { PortRouteSpec, PortRule } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { toBackendRefs } from './backend-refs.ts';
import { toParentRefs } from './parent-refs.ts';
import { listAt, type Place } from './place.ts';
import { toRuleName } from './request-rules.ts';

/** As many as the API server takes of one route. */
const mostRules = 1;

/** What a TCPRoute, a UDPRoute and a TLSRoute have in common. */
export function toPortRouteSpec(spec: Place): PortRouteSpec | typeof malformed {
  const parentRefs = toParentRefs(spec);
  const rules = listAt(spec, 'rules', mostRules, toPortRule);
  if (parentRefs === malformed || rules === malformed) return malformed;
  return { parentRefs, rules: rules.entries };
}

function toPortRule(place: Place): PortRule {
  return { ...toRuleName(place), backendRefs: toBackendRefs(place), field: shareText(place.field) };
}
