import type { ObjectRef } from '../model/object-ref.ts';
import type { Service } from '../model/objects.ts';
import { toHolder, toHolderKey, type HeldPort, type LedgerState } from '../model/ports.ts';
import type { Settings } from '../settings/settings.ts';
import { planIngress } from './plan-ingress.ts';
import { planService, toServicePlanning } from './plan-service.ts';
import type { IngressAddress, Write } from './write.ts';

/** An Ingress as far as its status is concerned. */
export interface IngressStatus {
  readonly ref: ObjectRef;
  readonly uid?: string;
  /** `status.loadBalancer.ingress` as it stands. */
  readonly addresses: readonly IngressAddress[];
  /** The fleets that serve it; empty when Fairlead does not own it. */
  readonly fleets: readonly string[];
}

export interface PlanInput {
  readonly settings: Pick<Settings, 'fleets' | 'services'>;
  /** The names of the sources that can be written to: the clusters. */
  readonly sources: ReadonlySet<string>;
  readonly services: Iterable<Service>;
  readonly ingresses: Iterable<IngressStatus>;
  /** What is durable. */
  readonly ledger: LedgerState;
}

/**
 * The difference between what should stand on the objects and what does: empty when settled, so that an own write that
 * is seen again ends the loop. Only what Fairlead owns is compared: its annotations on Services, and the addresses of the
 * fleets in the status of Ingresses.
 */
export function planWrites({ settings, sources, services, ingresses, ledger }: PlanInput): readonly Write[] {
  const held = toHeldPorts(ledger);
  const planning = toServicePlanning(settings);
  const writes: Write[] = [];
  for (const service of services) {
    if (!sources.has(service.meta.ref.source)) continue;
    const write = planService(planning, service, held.get(toHolderKey(toHolder(service.meta.ref))) ?? []);
    if (write !== undefined) writes.push(write);
  }
  for (const ingress of ingresses) {
    if (!sources.has(ingress.ref.source)) continue;
    const write = planIngress(settings.fleets, ingress);
    if (write !== undefined) writes.push(write);
  }
  return writes;
}

function toHeldPorts({ entries }: LedgerState): ReadonlyMap<string, readonly HeldPort[]> {
  const held = new Map<string, HeldPort[]>();
  for (const entry of entries) {
    if (entry.state !== 'held') continue;
    const key = toHolderKey(entry.holder);
    const known = held.get(key);
    if (known === undefined) held.set(key, [entry]);
    else known.push(entry);
  }
  return held;
}
