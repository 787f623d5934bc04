import type { TCPRoute, UDPRoute } from '../../model/objects.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { PortClaim } from '../../model/ports.ts';
import { routePortName } from '../../model/allocated-key.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import type { Reading } from '../../annotations/read.ts';
import type { Translating } from '../context.ts';
import { admitsNamespace } from './allowed-namespaces.ts';
import type { Attachment } from './attach.ts';
import { toPoolClaims } from './pool-claims.ts';

const field = annotationField('fairlead.dev/expose');
const requestKey = `fairlead.dev/request-port.${routePortName}`;

/** What comes of a route that asks for a port without a listener. */
export interface OwnPort {
  /** With those Gateways that give it one among the places where it is attached. */
  readonly attachments: readonly Attachment[];
  /** Those of `attachments` that give it one. */
  readonly giving: ReadonlySet<Attachment>;
  readonly claims: readonly PortClaim[];
  /** Parts of the directives that this carries. */
  readonly carried: readonly string[];
}

/** The port of its own that a route asks for by `fairlead.dev/expose`, of each fleet of the Gateways that let it. */
export function toOwnPort(
  context: Translating,
  route: TCPRoute | UDPRoute,
  attached: readonly Attachment[],
  {
    reading: { directives },
    protocol,
    report,
  }: { readonly reading: Reading; readonly protocol: PoolProtocol; readonly report: Report },
): OwnPort {
  const { ref } = route.meta;
  const held = context.view.heldPorts(ref);
  const { expose, pool, requestedPorts = new Map() } = directives;
  for (const name of requestedPorts.keys())
    if (expose === undefined || name !== routePortName) reportIdle(name, report);
  const carried = ['expose', 'pool', ...[...requestedPorts.keys()].map((name) => `requestedPorts/${name}`)];
  if (expose === undefined)
    return { attachments: attached, giving: new Set(), claims: [], carried: carried.slice(2) };
  if (expose !== 'all') {
    reportNames(route, report);
    return { attachments: attached, giving: new Set(), claims: [], carried };
  }
  const giving = new Set<Attachment>();
  const attachments = attached.map((each) => {
    if (!givesPorts(context, route, each)) return each;
    const { refusal: _refusal, ...rest } = each;
    giving.add(rest);
    return rest;
  });
  if (giving.size === 0) reportUngiven(route, attached, report);
  const fleets = new Set([...giving].flatMap(({ parent }) => parent.fleets));
  const requested = requestedPorts.get(routePortName);
  const asks = requested === undefined ? field : annotationField(requestKey);
  const wanted = [...fleets].map((fleet) => ({ fleet, protocol, requested, field: asks }));
  const request = { asker: route, asked: pool, field, report };
  return { attachments, giving, claims: toPoolClaims(context.settings, wanted, request, held), carried };
}

/** Whether the Gateway of a parentRef that names no listener gives ports to routes of this namespace. */
function givesPorts(
  context: Translating,
  { meta }: TCPRoute | UDPRoute,
  { parentRef, parent }: Attachment,
): boolean {
  const { holder, allocatesFor, refusal } = parent;
  return (
    parentRef.sectionName === undefined &&
    parentRef.port === undefined &&
    refusal === undefined &&
    allocatesFor !== undefined &&
    admitsNamespace(context, allocatesFor, holder.ref, meta.ref.namespace)
  );
}

function reportUngiven(
  { meta: { ref } }: TCPRoute | UDPRoute,
  attached: readonly Attachment[],
  report: Report,
): void {
  const isNarrow = attached.every(
    ({ parentRef }) => parentRef.sectionName !== undefined || parentRef.port !== undefined,
  );
  report(
    'pool-refused',
    isNarrow
      ? {
          field,
          message:
            'each parentRef of the route names a listener, which has a port of its own; the route is given none',
          hint: 'Remove sectionName and port of the parentRef, or the annotation.',
        }
      : {
          field,
          message: `no parent of the route gives ports to a ${ref.kind} of namespace ${ref.namespace}`,
          hint: 'Have fairlead.dev/allocate-ports-for on the Gateway name the namespace, or attach the route to a listener.',
        },
  );
}

function reportNames({ kind }: TCPRoute | UDPRoute, report: Report): void {
  report('annotation-invalid', {
    field,
    message: `a ${kind} has no ports that could be named; the default applies`,
    hint: 'Write "true".',
  });
}

function reportIdle(name: string, report: Report): void {
  report('port-unknown', () => ({
    field: annotationField(`fairlead.dev/request-port.${name}`),
    message: `the route asks for no port ${name}`,
    hint: `Write ${requestKey}, beside fairlead.dev/expose: "true".`,
  }));
}
