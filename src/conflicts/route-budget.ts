import { toFleetKey, type Aged, type ObjectKey } from '../model/object-ref.ts';
import { countText, toProblem, type Problem } from '../model/problem.ts';
import type { Intent, Translation } from '../routes/intent.ts';
import { BudgetGroup } from './budget-group.ts';

/** The most routes of one fleet, by namespace and in all. */
export interface RouteLimits {
  readonly namespace: number;
  readonly fleet: number;
}

const hint = 'Remove routes that are not needed, or ask the operators of the edge to raise the limit.';

/** How many routes of one fleet an object asks for. */
interface Asked {
  readonly fleet: string;
  readonly owner: Aged;
  /** That of its namespace. */
  readonly group: BudgetGroup;
  readonly count: number;
}

/**
 * Which routes of which objects stand where a namespace or a fleet has more than it may have: those of the elder objects, of the
 * last one as many as there is room for, in its own order. What a namespace may not have does not count for the fleet. While all is
 * below the limits, a change costs what it changes.
 *
 * From four fifths of a limit on there is a warning: for a namespace about its youngest object, which would be the first to get
 * less, for a fleet about the fleet, a unit of its own.
 */
export class RouteBudget {
  readonly #limits: RouteLimits;
  readonly #asked = new Map<ObjectKey, readonly Asked[]>();
  /** By `toGroupKey`. */
  readonly #namespaces = new Map<string, BudgetGroup>();
  readonly #fleets = new Map<string, BudgetGroup>();
  /** By the groups that are near their limit: the object that is warned. */
  readonly #warned = new Map<BudgetGroup, ObjectKey>();

  constructor(limits: RouteLimits) {
    this.#limits = limits;
  }

  /** Puts what an object asks for in place of what it asked for before. `settle` tells what follows. */
  replace({ unit, intents }: Translation): void {
    const former = this.#asked.get(unit) ?? [];
    const next = this.#toAsked(intents);
    for (const { group, owner } of former)
      if (!next.some((each) => each.group === group)) group.set(unit, owner, 0);
    for (const { group, owner, count } of next) group.set(unit, owner, count);
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
      this.#warn(group, group.isNear ? group.findYoungest() : undefined, touched);
      if (group.isEmpty) this.#namespaces.delete(key);
    }
    for (const [fleet, group] of this.#fleets) {
      for (const [unit] of group.settle()) touched.add(unit);
      this.#warn(group, group.isNear ? toFleetKey(fleet) : undefined, touched);
    }
    return touched;
  }

  /** How many routes the objects of a namespace ask for, by fleet. Costs one look at each object. */
  countRoutes(source: string, namespace: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { fleet, owner, count } of [...this.#asked.values()].flat()) {
      if (owner.ref.source === source && owner.ref.namespace === namespace)
        counts.set(fleet, (counts.get(fleet) ?? 0) + count);
    }
    return counts;
  }

  /** The translation of an object without the routes for which there is no room. */
  stand(translation: Translation): Translation {
    const { unit } = translation;
    const asked = this.#asked.get(unit) ?? [];
    if (asked.every((each) => this.#allowance(unit, each) === each.count)) return translation;
    const left = new Map(asked.map((each) => [each.fleet, this.#allowance(unit, each)]));
    const intents = translation.intents.filter((intent) => {
      if (!isCounted(intent)) return true;
      const room = left.get(intent.fleet) ?? 0;
      left.set(intent.fleet, room - 1);
      return room > 0;
    });
    return { ...translation, intents };
  }

  /** Why routes of an object do not stand, or that its namespace has nearly too many; of a fleet's unit, that the fleet has. */
  problemsOf(unit: ObjectKey): readonly Problem[] {
    const problems: Problem[] = [];
    for (const [fleet, group] of this.#fleets)
      if (this.#warned.get(group) === unit) problems.push(toNearFleet(fleet, this.#limits.fleet));
    for (const asked of this.#asked.get(unit) ?? []) {
      const stands = this.#allowance(unit, asked);
      if (stands !== asked.count)
        problems.push(this.#describe(asked, stands, asked.group.allowanceOf(unit) === stands));
      else if (this.#warned.get(asked.group) === unit) problems.push(this.#describeNear(asked));
    }
    return problems;
  }

  #warn(group: BudgetGroup, unit: ObjectKey | undefined, touched: Set<ObjectKey>): void {
    const former = this.#warned.get(group);
    if (former === unit) return;
    if (former !== undefined) touched.add(former);
    if (unit === undefined) this.#warned.delete(group);
    else {
      this.#warned.set(group, unit);
      touched.add(unit);
    }
  }

  #describeNear({ owner, fleet }: Asked): Problem {
    const message = `namespace ${owner.ref.namespace} has four fifths or more of the ${countText(this.#limits.namespace)} routes that it may have of fleet ${fleet} (limits.namespace.routes)`;
    return toProblem('limit-near', owner.ref, { message, hint });
  }

  #describe({ owner, fleet, count: routes }: Asked, stands: number, byNamespace: boolean): Problem {
    const { namespace } = owner.ref;
    const most = byNamespace ? this.#limits.namespace : this.#limits.fleet;
    const who = byNamespace ? `namespace ${namespace}` : `fleet ${fleet}`;
    const setting = `limits.${byNamespace ? 'namespace' : 'fleet'}.routes`;
    const of = byNamespace ? ` of fleet ${fleet}` : '';
    return toProblem(byNamespace ? 'namespace-routes-exceeded' : 'fleet-routes-exceeded', owner.ref, {
      message: `${who} may have ${countText(most)} routes${of} (${setting}), and older objects have them: the last ${countText(routes - stands)} of ${countText(routes)} routes are left out`,
      hint,
    });
  }

  #allowance(unit: ObjectKey, { fleet, group }: Asked): number {
    const inNamespace = group.allowanceOf(unit);
    return Math.min(inNamespace, this.#fleets.get(fleet)?.allowanceOf(unit) ?? inNamespace);
  }

  /** One for each fleet. */
  #toAsked(intents: readonly Intent[]): readonly Asked[] {
    const asked: { fleet: string; owner: Aged; group: BudgetGroup; count: number }[] = [];
    for (const intent of intents) {
      if (!isCounted(intent)) continue;
      const { fleet, owner } = intent;
      const known = asked.find((each) => each.fleet === fleet);
      if (known === undefined) asked.push({ fleet, owner, group: this.#namespaceOf(fleet, owner), count: 1 });
      else known.count += 1;
    }
    // The copy has no room for more; see `mapGiven`.
    return asked.slice();
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

function toNearFleet(name: string, most: number): Problem {
  const subject = { source: '', kind: 'Fleet', namespace: '', name };
  const message = `fleet ${name} has four fifths or more of the ${countText(most)} routes that it may have (limits.fleet.routes)`;
  return toProblem('limit-near', subject, {
    message,
    hint: 'Raise the limit before it is reached, or find who has routes that are not needed.',
  });
}

function isCounted({ kind }: Intent): boolean {
  return kind === 'http' || kind === 'sni';
}
