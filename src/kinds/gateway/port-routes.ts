import type { Meta, TCPRoute, UDPRoute } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import type { PortRouteSpec } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { toKeptStatus, type KeptStatus } from './answered.ts';
import { specOf } from './place.ts';
import { toPortRouteSpec } from './port-rules.ts';
import { listServiceKeys } from './route-keys.ts';
import { toGatewayVersions } from './words.ts';

/** All connections of a port. */
export const tcpRoute = defineKind({
  kind: 'TCPRoute',
  apiVersions: toGatewayVersions('v1', 'v1alpha2'),
  plural: 'tcproutes',
  shortNames: [],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  index: listServiceKeys,
  read: (raw, meta, report): TCPRoute | undefined => {
    const parts = toParts(raw, meta, report);
    return parts && { kind: 'TCPRoute', ...parts };
  },
});

/** All datagrams of a port. */
export const udpRoute = defineKind({
  kind: 'UDPRoute',
  apiVersions: toGatewayVersions('v1', 'v1alpha2'),
  plural: 'udproutes',
  shortNames: [],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: (raw, meta, report): UDPRoute | undefined => {
    const parts = toParts(raw, meta, report);
    return parts && { kind: 'UDPRoute', ...parts };
  },
});

/** Undefined when it is not known what the route is attached to, or where it leads. */
function toParts(
  raw: RawObject,
  meta: Meta,
  report: Report,
): (KeptStatus & PortRouteSpec & { readonly meta: Meta }) | undefined {
  const spec = specOf(raw, report);
  const route = spec === malformed ? malformed : toPortRouteSpec(spec);
  return route === malformed ? undefined : { meta: withOwnAnnotations(meta), ...toKeptStatus(raw), ...route };
}
