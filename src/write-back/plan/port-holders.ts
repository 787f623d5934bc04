import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { toHeldPorts, toHolder, toHolderKey, type LedgerState } from '../../model/ports.ts';
import type { ServiceSettings } from '../../settings/settings.ts';
import { asksForPorts } from './plan-service.ts';
import type { RebuiltState } from '../rebuilt-state.ts';

interface KnownHolder {
  /** The `metadata.uid` of the Service. */
  readonly uid: string;
  /** A `toHolderKey`. */
  readonly holder: string;
}

/**
 * The Services behind the names that ports are held under. One that is deleted and made again at once keeps its ports, so that
 * nothing changes in the ledger; but the new one has no Event of its port.
 */
export class PortHolders {
  readonly #services: ServiceSettings;
  /** Those that ask for ports; one that is gone for as long as they are held. */
  readonly #known = new Map<ObjectKey, KnownHolder>();
  #ledger: LedgerState | undefined;

  constructor(services: ServiceSettings) {
    this.#services = services;
  }

  /** Looks at objects that have changed. Returns the holders, by `toHolderKey`, behind which there is another Service now. */
  update(rebuilt: Pick<RebuiltState, 'ledger' | 'object'>, units: Iterable<ObjectKey>): ReadonlySet<string> {
    const replaced = new Set<string>();
    for (const unit of units) {
      const object = rebuilt.object(unit);
      if (object?.kind !== 'Service' || object.meta.uid === undefined) continue;
      const { uid, ref, annotations } = object.meta;
      if (!asksForPorts(this.#services, annotations)) continue;
      const former = this.#known.get(unit);
      const holder = former?.holder ?? toHolderKey(toHolder(ref));
      if (former !== undefined && former.uid !== uid) replaced.add(holder);
      if (former?.uid !== uid) this.#known.set(unit, { uid, holder });
    }
    if (rebuilt.ledger !== this.#ledger) this.#sweep(rebuilt);
    return replaced;
  }

  /** Starts over, with the Services of now. */
  begin(rebuilt: RebuiltState): void {
    this.#known.clear();
    const services = [...rebuilt.objects()].filter(({ kind }) => kind === 'Service');
    this.update(
      rebuilt,
      services.map(({ meta }) => toObjectKey(meta.ref)),
    );
  }

  #sweep(rebuilt: Pick<RebuiltState, 'ledger' | 'object'>): void {
    this.#ledger = rebuilt.ledger;
    const held = toHeldPorts(rebuilt.ledger);
    for (const [key, { holder }] of this.#known) {
      if (!held.has(holder) && rebuilt.object(key) === undefined) this.#known.delete(key);
    }
  }
}
