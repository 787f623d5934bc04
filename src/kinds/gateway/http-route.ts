import type { HTTPRoute, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import type { HttpRouteRule } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { durationAt } from './durations.ts';
import { httpFilters } from './filters.ts';
import { toHostnames } from './hostnames.ts';
import { toHttpMatch } from './http-match.ts';
import { toParentRefs } from './parent-refs.ts';
import { placeAt, specOf, type Place } from './place.ts';
import { toRequestRules } from './request-rules.ts';
import { toRetry } from './retry.ts';
import { listRequestRouteKeys } from './route-keys.ts';
import { toGatewayVersions } from './words.ts';

/** Requests by host, path, method, headers and query. */
export const httpRoute = defineKind({
  kind: 'HTTPRoute',
  apiVersions: toGatewayVersions('v1', 'v1beta1'),
  plural: 'httproutes',
  shortNames: [],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toHttpRoute,
  index: listRequestRouteKeys,
});

/** As many as the API server takes. */
const mostHostnames = 16;

/** An HTTPRoute. Undefined when it is not known what it is attached to, or which hosts it is for. */
function toHttpRoute(raw: RawObject, meta: Meta, report: Report): HTTPRoute | undefined {
  const given = specOf(raw, report);
  if (given === malformed) return undefined;
  const spec = withDefaultRule(given);
  const parentRefs = toParentRefs(spec);
  const hostnames = toHostnames(spec, mostHostnames);
  const rules = toRequestRules(spec, httpFilters, toHttpMatch, toHttpRule);
  if (parentRefs === malformed || hostnames === malformed || rules === malformed) return undefined;
  return {
    kind: 'HTTPRoute',
    meta: withOwnAnnotations(meta),
    ...toKeptStatus(raw),
    parentRefs,
    hostnames,
    rules,
  };
}

/** The API server gives a route without rules one that takes every request. */
function withDefaultRule(spec: Place): Place {
  return (spec.raw['rules'] ?? undefined) === undefined
    ? { ...spec, raw: { ...spec.raw, rules: [{}] } }
    : spec;
}

function toHttpRule(rule: Omit<HttpRouteRule, 'retry' | 'timeouts'>, place: Place): HttpRouteRule {
  return { ...rule, timeouts: toTimeouts(place), ...toRetry(place) };
}

function toTimeouts(rule: Place): HttpRouteRule['timeouts'] {
  const place = placeAt(rule, 'timeouts');
  if (place === undefined || place === malformed) return {};
  const request = durationAt(place, 'request');
  const backendRequest = durationAt(place, 'backendRequest');
  return {
    ...(typeof request === 'number' && { request }),
    ...(typeof backendRequest === 'number' && { backendRequest }),
  };
}
