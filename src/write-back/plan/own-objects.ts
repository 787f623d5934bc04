import { isAnswerKey } from '../../model/allocated-key.ts';
import type { ObjectKey } from '../../model/object-ref.ts';
import type { RebuiltState } from '../rebuilt-state.ts';
import { isPortTeller } from './plan-gateway-ports.ts';

/**
 * The objects of the Gateway API whose annotations under Fairlead's keys are for this process to write: those that are ours, and those
 * that this process has seen be so, until nothing stands there any more. On the others, which may be another Fairlead's, nothing is touched.
 */
export class OwnObjects {
  readonly #keys = new Set<ObjectKey>();

  has(key: ObjectKey): boolean {
    return this.#keys.has(key);
  }

  /** Looks at objects that have changed. */
  update(rebuilt: Pick<RebuiltState, 'object' | 'statusOf'>, units: Iterable<ObjectKey>): void {
    for (const unit of units) {
      const object = rebuilt.object(unit);
      if (object !== undefined && isPortTeller(object) && rebuilt.statusOf(unit) !== undefined)
        this.#keys.add(unit);
      else if (this.#keys.has(unit) && !Object.keys(object?.meta.annotations ?? {}).some(isAnswerKey))
        this.#keys.delete(unit);
    }
  }
}
