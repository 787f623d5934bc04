import type { Listener } from '../../model/gateway-specs.ts';
import { countText } from '../../model/problem.ts';
import type { Refusal } from './resolved.ts';

/**
 * Listeners of a Gateway and all its ListenerSets, and of the ListenerSets of one namespace among them: each change of one of them has
 * all looked at again, and whoever may attach ListenerSets must not take all of that from the others.
 */
const most = { gateway: 2_048, namespace: 512 };

/** How many listeners are left, and by which bound. */
interface Left {
  readonly count: number;
  readonly bound: string;
}

/** Counts the listeners of a Gateway and its ListenerSets, which come in their order of precedence. */
export class ListenerBudget {
  readonly #mostOfObject: number;
  readonly #ofNamespace = new Map<string, number>();
  #all = 0;

  /** @param mostOfObject How many listeners one object may have. */
  constructor(mostOfObject: number) {
    this.#mostOfObject = mostOfObject;
  }

  /** Why no listener of a ListenerSet of a namespace may stand; undefined while some may. */
  refuse(namespace: string): Refusal | undefined {
    const { count, bound } = this.#findLeft(namespace, false);
    return count > 0 ? undefined : toRefusal(bound);
  }

  /** The first listeners of the next object, as many as may stand, and why the others do not. */
  take(
    listeners: readonly Listener[],
    namespace: string,
    isGateway: boolean,
  ): { readonly standing: readonly Listener[]; readonly refusal: Refusal } {
    const { count, bound } = this.#findLeft(namespace, isGateway);
    const standing = listeners.slice(0, Math.max(0, count));
    this.#all += standing.length;
    if (!isGateway)
      this.#ofNamespace.set(namespace, (this.#ofNamespace.get(namespace) ?? 0) + standing.length);
    return { standing, refusal: toRefusal(bound) };
  }

  #findLeft(namespace: string, isGateway: boolean): Left {
    const ofNamespace = most.namespace - (this.#ofNamespace.get(namespace) ?? 0);
    const bounds: readonly Left[] = [
      {
        count: this.#mostOfObject,
        bound: `the object has more than ${countText(this.#mostOfObject)} (limits.object.hosts)`,
      },
      {
        count: isGateway ? Infinity : ofNamespace,
        bound: `ListenerSets of one namespace may have ${countText(most.namespace)}`,
      },
      {
        count: most.gateway - this.#all,
        bound: `a Gateway and its ListenerSets may have ${countText(most.gateway)}`,
      },
    ];
    return bounds.reduce((least, each) => (each.count < least.count ? each : least));
  }
}

function toRefusal(bound: string): Refusal {
  return {
    reason: 'TooManyListeners',
    message: `there are too many listeners before it: ${bound}`,
    hint: 'Take listeners out that are not needed, or use another Gateway.',
  };
}
