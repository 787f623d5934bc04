import type { Meta, TLSRoute } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { toHostnames } from './hostnames.ts';
import { specOf } from './place.ts';
import { toPortRouteSpec } from './port-rules.ts';
import { listServiceKeys } from './route-keys.ts';
import { toGatewayVersions } from './words.ts';

/** TLS connections by SNI. */
export const tlsRoute = defineKind({
  kind: 'TLSRoute',
  apiVersions: toGatewayVersions('v1', 'v1alpha3', 'v1alpha2'),
  plural: 'tlsroutes',
  shortNames: [],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toTlsRoute,
  index: listServiceKeys,
});

/** As many as the API server takes. */
const mostHostnames = 1024;

/** A TLSRoute. Undefined when it is not known what it is attached to, which hosts it is for, or where it leads. */
function toTlsRoute(raw: RawObject, meta: Meta, report: Report): TLSRoute | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const route = toPortRouteSpec(spec);
  const hostnames = toHostnames(spec, mostHostnames);
  if (route === malformed || hostnames === malformed) return undefined;
  return { kind: 'TLSRoute', meta: withOwnAnnotations(meta), ...toKeptStatus(raw), ...route, hostnames };
}
