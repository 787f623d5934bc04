import type { GRPCRoute, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { grpcFilters } from './filters.ts';
import { toGrpcMatch } from './grpc-match.ts';
import { toHostnames } from './hostnames.ts';
import { toParentRefs } from './parent-refs.ts';
import { specOf } from './place.ts';
import { toRequestRules } from './request-rules.ts';
import { listRequestRouteKeys } from './route-keys.ts';
import { toGatewayVersions } from './words.ts';

/** Calls of gRPC by host, service, method and headers. */
export const grpcRoute = defineKind({
  kind: 'GRPCRoute',
  apiVersions: toGatewayVersions('v1'),
  plural: 'grpcroutes',
  shortNames: [],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toGrpcRoute,
  index: listRequestRouteKeys,
});

/** As many as the API server takes. */
const mostHostnames = 16;

/** A GRPCRoute. Undefined when it is not known what it is attached to, or which hosts it is for. */
function toGrpcRoute(raw: RawObject, meta: Meta, report: Report): GRPCRoute | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const parentRefs = toParentRefs(spec);
  const hostnames = toHostnames(spec, mostHostnames);
  const rules = toRequestRules(spec, grpcFilters, toGrpcMatch, (rule) => rule);
  if (parentRefs === malformed || hostnames === malformed || rules === malformed) return undefined;
  return {
    kind: 'GRPCRoute',
    meta: withOwnAnnotations(meta),
    ...toKeptStatus(raw),
    parentRefs,
    hostnames,
    rules,
  };
}
