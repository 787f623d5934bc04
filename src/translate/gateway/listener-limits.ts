import type { Listener } from '../../model/gateway-specs.ts';
import { countText } from '../../model/problem.ts';
import type { Refusal } from './resolved.ts';

/**
 * Listeners of a Gateway and all its ListenerSets, and of the ListenerSets of one namespace among them: each change of one of them has
 * all looked at again, and whoever may attach ListenerSets must not take all of that from the others.
 */
const most = { gateway: 2_048, namespace: 512 };

/** Counts the listeners of a Gateway and its ListenerSets, which come in their order of precedence. */
export class ListenerBudget {
  readonly #mostOfObject: number;
  readonly #ofNamespace = new Map<string, number>();
  #all = 0;

  /** @param mostOfObject How many listeners one object may have. */
  constructor(mostOfObject: number) {
    this.#mostOfObject = mostOfObject;
  }

  /** The first listeners of the next object, as many as may stand, and why the others do not. */
  take(
    listeners: readonly Listener[],
    namespace: string,
    isGateway: boolean,
  ): { readonly standing: readonly Listener[]; readonly refusal: Refusal } {
    const taken = this.#ofNamespace.get(namespace) ?? 0;
    const bounds = [
      {
        left: this.#mostOfObject,
        text: `the object has more than ${countText(this.#mostOfObject)} (limits.object.hosts)`,
      },
      {
        left: isGateway ? Infinity : most.namespace - taken,
        text: `ListenerSets of one namespace may have ${countText(most.namespace)}`,
      },
      {
        left: most.gateway - this.#all,
        text: `a Gateway and its ListenerSets may have ${countText(most.gateway)}`,
      },
    ];
    const [least] = bounds.toSorted((a, b) => a.left - b.left);
    const standing = listeners.slice(0, Math.max(0, least?.left ?? 0));
    this.#all += standing.length;
    if (!isGateway) this.#ofNamespace.set(namespace, taken + standing.length);
    return { standing, refusal: toRefusal(least?.text ?? '') };
  }
}

function toRefusal(bound: string): Refusal {
  return {
    reason: 'TooManyListeners',
    message: `there are too many listeners before it: ${bound}`,
    hint: 'Take listeners out that are not needed, or use another Gateway.',
  };
}
