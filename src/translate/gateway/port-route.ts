import { toObjectKey } from '../../model/object-ref.ts';
import type { TCPRoute, UDPRoute } from '../../model/objects.ts';
import type { PoolProtocol } from '../../model/port.ts';
import { noServicePort, type HeldPort } from '../../model/ports.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type PortRoute, type Translation } from '../../routes/intent.ts';
import { pendingPort } from '../../routes/status.ts';
import { toUses } from '../../routes/why.ts';
import { readGatewayAnnotations, toElementName, type Translating } from '../context.ts';
import { reportOnce } from '../zones.ts';
import { attachRoute, listFleets, type Attachment } from './attach.ts';
import { listOnward, toOnward, toOnwardName, type Onward } from './onward-tls.ts';
import { toOwnPort, type OwnPort } from './own-port.ts';
import { toFleetBackends, type PortBackends } from './port-backends.ts';
import { reportAttachments, toRouteStatus } from './route-status.ts';

/** A held port, and what of the route leads to it. */
interface ServedPort {
  readonly held: HeldPort;
  readonly field: string;
  /** Whether other routes may have it. */
  readonly isContested: boolean;
  readonly onward: Onward;
}

/** A TCPRoute or UDPRoute: all connections of the pool ports of its listeners, as far as the ledger holds them, and of a port of its own. */
export function translatePortRoute(
  context: Translating,
  route: TCPRoute | UDPRoute,
  protocol: PoolProtocol,
): Translation {
  const { ref } = route.meta;
  const unit = toObjectKey(ref);
  const attached = attachRoute(context, route);
  if (attached.length === 0) return toEmptyTranslation(unit);
  const problems = new ProblemList(ref);
  const { report } = problems;
  const reading = readGatewayAnnotations(context, route.meta, route.kind);
  problems.add(reading.problems);
  const own = toOwnPort(context, route, attached, { reading, protocol, report });
  reportAttachments(own.attachments, report);
  const ports = [...listOwn(context, route, own), ...listAttached(context, own.attachments, protocol)];
  const fleets = listFleets(own.attachments);
  const once = reportOnce(report);
  const backends = listOnward(own.attachments).flatMap((onward) =>
    toFleetBackends(context, route, fleets, { protocol, report: once, onward }).map((each) => ({
      ...each,
      onward,
    })),
  );
  const { refusal, uses } = backends[0]?.backends ?? { refusal: undefined, uses: [] };
  const status = toRouteStatus(own.attachments, { resolvedRefs: refusal });
  return {
    ...toEmptyTranslation(unit),
    fleets,
    intents: backends.flatMap(({ names, onward, backends: some }) =>
      ports.flatMap((port) =>
        names.includes(port.held.fleet) && toOnwardName(port.onward) === toOnwardName(onward)
          ? toPortRoute(context, route, { port, protocol, backends: some })
          : [],
      ),
    ),
    portClaims: own.claims,
    asked: reading.asked,
    uses: [...toUses(ref, own.carried), ...uses],
    problems: problems.toArray(),
    status: {
      ...status,
      parents: status.parents.map((each, index) => {
        const attachment = own.attachments[index];
        return attachment !== undefined && own.giving.has(attachment)
          ? { ...each, conditions: [...each.conditions, pendingPort] }
          : each;
      }),
    },
  };
}

function listOwn(
  context: Translating,
  { meta, kind }: TCPRoute | UDPRoute,
  { claims, giving }: OwnPort,
): readonly ServedPort[] {
  const field = `metadata.annotations[fairlead.dev/expose]`;
  const [by] = giving;
  const held = claims.length > 0 ? context.view.heldPorts({ ...meta.ref, kind }) : [];
  const onward = by === undefined ? { speaksTls: true } : toOnward(by.parent, true);
  return held.map((each) => ({ held: each, field, isContested: false, onward }));
}

/** The ports that the ledger holds for the listeners of a route, each once. */
function listAttached(
  context: Translating,
  attachments: readonly Attachment[],
  protocol: PoolProtocol,
): readonly ServedPort[] {
  const ports = new Map<HeldPort, ServedPort>();
  for (const { parent, parentRef, listeners } of attachments) {
    if (listeners.length === 0) continue;
    const held = context.view.heldPorts(parent.holder.ref);
    for (const { listener } of listeners)
      for (const binding of listener.bindings) {
        if (binding.kind !== 'port' || binding.sni === true || binding.protocol !== protocol) continue;
        const entry = findHeld(held, binding.fleet, listener.listener.name, protocol);
        if (entry !== undefined && !ports.has(entry))
          ports.set(entry, {
            held: entry,
            field: parentRef.field,
            isContested: true,
            onward: toOnward(parent, true),
          });
      }
  }
  return [...ports.values()];
}

/** The port that the ledger holds for a listener on a fleet. */
export function findHeld(
  held: readonly HeldPort[],
  fleet: string,
  listener: string,
  protocol: PoolProtocol,
): HeldPort | undefined {
  return held.find(
    (each) =>
      each.fleet === fleet &&
      each.part?.kind === 'listener' &&
      each.part.name === listener &&
      each.protocols.includes(protocol),
  );
}

function toPortRoute(
  context: Translating,
  route: TCPRoute | UDPRoute,
  {
    port: { held, field, isContested },
    protocol,
    backends,
  }: { readonly port: ServedPort; readonly protocol: PoolProtocol; readonly backends: PortBackends },
): PortRoute {
  const { meta, kind } = route;
  return {
    kind: 'port',
    owner: meta,
    why: { field, uses: [] },
    fleet: held.fleet,
    protocol,
    port: held.port,
    servicePort: noServicePort,
    ...(isContested && { contested: true }),
    key: toElementName(context, meta.ref, kind.toLowerCase(), String(held.port)),
    filters: backends.filters,
    backend: backends.backend,
    ...(backends.checks.length > 0 && { checks: backends.checks }),
  };
}
