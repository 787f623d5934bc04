import type { Aged, ObjectKey } from '../model/object-ref.ts';
import { countText, toProblem, type Problem } from '../model/problem.ts';
import type { Intent, Translation } from '../routes/intent.ts';
import { BudgetGroup } from './budget-group.ts';

/** The most routes of one fleet, by namespace and in all. */
export interface RouteLimits {
  readonly namespace: number;
  readonly fleet: number;
}

/** How many routes of one fleet an object asks for. */
interface Asked {
  readonly fleet: string;
  readonly owner: Aged;
  readonly count: number;
}

/**
 * Which routes of which objects stand where a namespace or a fleet has more than it may have: those of the elder objects, of the
 * last one as many as there is room for, in its own order. What a namespace may not have does not count for the fleet. While all is
 * below the limits, a change costs what it changes.
 */
export class RouteBudget {
  readonly #limits: RouteLimits;
  readonly #asked = new Map<ObjectKey, readonly Asked[]>();
  /** By `toGroupKey`. */
  readonly #namespaces = new Map<string, BudgetGroup>();
  readonly #fleets = new Map<string, BudgetGroup>();

  constructor(limits: RouteLimits) {
    this.#limits = limits;
  }

  /** Puts what an object asks for in place of what it asked for before. `settle` tells what follows. */
  replace({ unit, intents }: Translation): void {
    const former = this.#asked.get(unit) ?? [];
    const next = count(intents);
    for (const { fleet, owner } of former) {
      if (!next.some((each) => each.fleet === fleet)) this.#namespaceOf(fleet, owner).set(unit, owner, 0);
    }
    for (const { fleet, owner, count: routes } of next)
      this.#namespaceOf(fleet, owner).set(unit, owner, routes);
    if (next.length > 0) this.#asked.set(unit, next);
    else this.#asked.delete(unit);
  }

  /** Decides about all that was replaced. Returns the objects for which something has changed. */
  settle(): ReadonlySet<ObjectKey> {
    const touched = new Set<ObjectKey>();
    for (const [key, group] of this.#namespaces) {
      if (!group.isDirty) continue;
      const fleet = this.#groupOf(this.#fleets, group.fleet, group.fleet, this.#limits.fleet);
      for (const [unit, owner] of group.settle()) {
        fleet.set(unit, owner, group.allowanceOf(unit));
        touched.add(unit);
      }
      if (group.isEmpty) this.#namespaces.delete(key);
    }
    for (const group of this.#fleets.values()) for (const [unit] of group.settle()) touched.add(unit);
    return touched;
  }

  /** The translation of an object without the routes for which there is no room. */
  stand(translation: Translation): Translation {
    const asked = this.#asked.get(translation.unit) ?? [];
    const left = new Map(asked.map((each) => [each.fleet, this.#allowance(translation.unit, each)]));
    if (asked.every(({ fleet, count: routes }) => left.get(fleet) === routes)) return translation;
    const intents = translation.intents.filter((intent) => {
      if (intent.kind !== 'http') return true;
      const room = left.get(intent.fleet) ?? 0;
      left.set(intent.fleet, room - 1);
      return room > 0;
    });
    return { ...translation, intents };
  }

  /** Why routes of an object do not stand. */
  problemsOf(unit: ObjectKey): readonly Problem[] {
    return (this.#asked.get(unit) ?? []).flatMap((asked) => {
      const stands = this.#allowance(unit, asked);
      if (stands === asked.count) return [];
      const inNamespace = this.#namespaceOf(asked.fleet, asked.owner).allowanceOf(unit);
      return [this.#describe(asked, stands, inNamespace === stands)];
    });
  }

  #describe({ owner, fleet, count: routes }: Asked, stands: number, byNamespace: boolean): Problem {
    const { namespace } = owner.ref;
    const most = byNamespace ? this.#limits.namespace : this.#limits.fleet;
    const who = byNamespace ? `namespace ${namespace}` : `fleet ${fleet}`;
    const setting = `limits.${byNamespace ? 'namespace' : 'fleet'}.routes`;
    const of = byNamespace ? ` of fleet ${fleet}` : '';
    return toProblem(byNamespace ? 'namespace-routes-exceeded' : 'fleet-routes-exceeded', owner.ref, {
      message: `${who} may have ${countText(most)} routes${of} (${setting}), and older objects have them: the last ${countText(routes - stands)} of ${countText(routes)} routes are left out`,
      hint: 'Remove routes that are not needed, or ask the operators of the edge to raise the limit.',
    });
  }

  #allowance(unit: ObjectKey, { fleet, owner }: Asked): number {
    const inNamespace = this.#namespaceOf(fleet, owner).allowanceOf(unit);
    return Math.min(inNamespace, this.#fleets.get(fleet)?.allowanceOf(unit) ?? inNamespace);
  }

  #namespaceOf(fleet: string, { ref }: Aged): BudgetGroup {
    const key = `${fleet}|${ref.source}|${ref.namespace}`;
    return this.#groupOf(this.#namespaces, key, fleet, this.#limits.namespace);
  }

  #groupOf(groups: Map<string, BudgetGroup>, key: string, fleet: string, most: number): BudgetGroup {
    const group = groups.get(key) ?? new BudgetGroup(fleet, most);
    groups.set(key, group);
    return group;
  }
}

function count(intents: readonly Intent[]): readonly Asked[] {
  const byFleet = new Map<string, { fleet: string; owner: Aged; count: number }>();
  for (const { kind, fleet, owner } of intents) {
    if (kind !== 'http') continue;
    const known = byFleet.get(fleet);
    if (known === undefined) byFleet.set(fleet, { fleet, owner, count: 1 });
    else known.count += 1;
  }
  return [...byFleet.values()];
}
