import type { ObjectKey } from '../../model/object-ref.ts';
import { toOwnAddresses, toText } from './plan-ingress.ts';
import type { RebuiltState } from '../rebuilt-state.ts';

/**
 * The Ingresses whose status may hold addresses that Fairlead looked up: those that this process has seen served, until
 * nothing of ours stands there any more. A process that starts after an Ingress has gone to somebody else knows nothing of it.
 */
export class ServedIngresses {
  readonly #keys = new Set<ObjectKey>();

  has(key: ObjectKey): boolean {
    return this.#keys.has(key);
  }

  /** Looks at objects that have changed. */
  update(rebuilt: Pick<RebuiltState, 'fleets' | 'fleetsOf' | 'object'>, units: Iterable<ObjectKey>): void {
    for (const unit of units) {
      const object = rebuilt.object(unit);
      if (object?.kind === 'Ingress' && rebuilt.fleetsOf(unit).length > 0) this.#keys.add(unit);
      else if (this.#keys.has(unit)) {
        const own = toOwnAddresses(rebuilt.fleets, true);
        const present = object?.kind === 'Ingress' ? object.addresses : [];
        if (!present.some((address) => own.has(toText(address)))) this.#keys.delete(unit);
      }
    }
  }
}
