import type { PlanSettings } from './plan-settings.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { SourceObject } from '../../model/objects.ts';
import { isGatewayHolder, type LedgerState } from '../../model/ports.ts';
import { toHeldPorts } from '../../ports/claim.ts';
import { asksForPorts } from './plan-service.ts';
import type { RebuiltState } from '../rebuilt-state.ts';

/**
 * The Services, and objects of the Gateway API, behind the names that ports are held under. One that is deleted and made again at once keeps its ports, so that
 * nothing changes in the ledger; but the new one has no Event of its port.
 */
export class PortHolders {
  readonly #services: PlanSettings['services'];
  /** The `metadata.uid` of those that ask for ports; of one that is gone for as long as they are held. */
  readonly #known = new Map<ObjectKey, string>();
  #ledger: LedgerState | undefined;
  /** Who holds ports by that. */
  #held: ReadonlyMap<ObjectKey, unknown> = new Map();

  constructor(services: PlanSettings['services']) {
    this.#services = services;
  }

  /** Of how many objects something is known. */
  get size(): number {
    return this.#known.size;
  }

  /** Looks at objects that have changed. Returns those behind which there is another object now. */
  update(
    rebuilt: Pick<RebuiltState, 'ledger' | 'object' | 'portClaimsOf'>,
    units: Iterable<ObjectKey>,
  ): ReadonlySet<ObjectKey> {
    if (rebuilt.ledger !== this.#ledger) this.#sweep(rebuilt);
    const replaced = new Set<ObjectKey>();
    for (const unit of units) {
      const object = rebuilt.object(unit);
      // Who waited for a port in vain leaves nothing behind in the ledger, which need not change.
      if (object === undefined && !this.#held.has(unit)) this.#known.delete(unit);
      if (object?.meta.uid === undefined || !this.#asks(rebuilt, object)) continue;
      const { uid } = object.meta;
      const former = this.#known.get(unit);
      if (former !== undefined && former !== uid) replaced.add(unit);
      this.#known.set(unit, uid);
    }
    return replaced;
  }

  /** Starts over, with the objects of now. */
  begin(rebuilt: RebuiltState): void {
    this.#known.clear();
    const holders = [...rebuilt.objects()].filter((each) => each.kind === 'Service' || isGatewayHolder(each));
    this.update(
      rebuilt,
      holders.map(({ meta }) => toObjectKey(meta.ref)),
    );
  }

  #asks(rebuilt: Pick<RebuiltState, 'portClaimsOf'>, object: SourceObject): boolean {
    if (object.kind === 'Service') return asksForPorts(this.#services, object.meta.annotations);
    return isGatewayHolder(object) && rebuilt.portClaimsOf(toObjectKey(object.meta.ref)).length > 0;
  }

  #sweep(rebuilt: Pick<RebuiltState, 'ledger' | 'object'>): void {
    this.#ledger = rebuilt.ledger;
    this.#held = toHeldPorts(rebuilt.ledger);
    for (const key of this.#known.keys()) {
      if (!this.#held.has(key) && rebuilt.object(key) === undefined) this.#known.delete(key);
    }
  }
}
