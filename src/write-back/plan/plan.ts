import type { GatewayObject, Service } from '../../model/objects.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { LedgerState, PortClaim } from '../../model/ports.ts';
import { toHeldPorts } from '../../ports/claim.ts';
import { listSharedPorts } from '../../ports/shared-ports.ts';
import type { StatusFacts } from '../../routes/status.ts';
import { planGatewayStatus, type GatewayPlanning } from './gateway-status.ts';
import { isPortTeller, planGatewayPorts, type GatewayPortPlanning } from './plan-gateway-ports.ts';
import { planIngress } from './plan-ingress.ts';
import { planService, toServicePlanning } from './plan-service.ts';
import type { PlanSettings } from './plan-settings.ts';
import type { IngressStatus, Write } from '../write.ts';

export interface PlanInput {
  readonly settings: PlanSettings;
  /** The names of the sources that can be written to: the clusters. */
  readonly sources: ReadonlySet<string>;
  readonly services: Iterable<Service>;
  readonly ingresses: Iterable<IngressStatus>;
  /** What is durable. */
  readonly ledger: LedgerState;
  /** The pool ports that a Service asks for: it may share some. */
  readonly claimsOf: (service: ObjectKey) => readonly PortClaim[];
  /** What is to be changed of the annotations of a Service for its move; absent: nothing. */
  readonly moves?: (service: Service) => Readonly<Record<string, string | null>>;
  /** Objects of the Gateway API, and what their status is made of; absent: none. */
  readonly gateway?: GatewayPlanning & {
    readonly objects: Iterable<GatewayObject>;
    readonly statusOf: (object: ObjectKey) => StatusFacts | undefined;
    /** Whether the annotations with pool ports that stand on an object are Fairlead's to write. */
    readonly isOwn: (object: ObjectKey) => boolean;
    readonly isLed: GatewayPortPlanning['isLed'];
  };
}

/**
 * The difference between what should stand on the objects and what does: empty when settled, so that an own write that
 * is seen again ends the loop. Only what Fairlead owns is compared: its annotations on Services, and the addresses of the
 * fleets in the status of Ingresses, and in the status of objects of the Gateway API what its specification asks for. While the ledger is empty, Services that ask are left as they are: it may be lost, and
 * about to be made again of their annotations.
 */
export function planWrites({
  settings,
  sources,
  services,
  ingresses,
  ledger,
  claimsOf,
  moves,
  gateway,
}: PlanInput): readonly Write[] {
  const held = toHeldPorts(ledger);
  const planning = toServicePlanning(settings, ledger);
  const writes: Write[] = [];
  for (const service of services) {
    if (!sources.has(service.meta.ref.source)) continue;
    const { ref, uid } = service.meta;
    const key = toObjectKey(ref);
    const ports = { own: held.get(key) ?? [], shared: listSharedPorts(claimsOf(key), held) };
    const annotations = { ...planService(planning, service, ports), ...moves?.(service) };
    if (Object.keys(annotations).length === 0) continue;
    writes.push({ kind: 'annotations', ref, ...(uid !== undefined && { uid }), annotations });
  }
  for (const ingress of ingresses) {
    if (!sources.has(ingress.ref.source)) continue;
    const write = planIngress(settings.fleets, ingress);
    if (write !== undefined) writes.push(write);
  }
  for (const object of gateway?.objects ?? []) {
    if (gateway === undefined || !sources.has(object.meta.ref.source)) continue;
    const { ref, uid } = object.meta;
    const key = toObjectKey(ref);
    const facts = gateway.statusOf(key);
    const write = planGatewayStatus(gateway, object, facts);
    if (write !== undefined) writes.push(write);
    if (!isPortTeller(object) || !gateway.isOwn(key) || planning.isEmpty) continue;
    const annotations = planGatewayPorts(
      { fleets: gateway.fleets, held, isLed: gateway.isLed },
      object,
      facts,
    );
    if (Object.keys(annotations).length > 0)
      writes.push({ kind: 'annotations', ref, ...(uid !== undefined && { uid }), annotations });
  }
  return writes;
}
