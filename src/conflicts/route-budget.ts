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
      this.#warn(group, group.isNear ? group.findYoungest() : undefined, touched);
      if (group.isEmpty) this.#namespaces.delete(key);
    }
    for (const [fleet, group] of this.#fleets) {
      for (const [unit] of group.settle()) touched.add(unit);
      this.#warn(group, group.isNear ? toFleetKey(fleet) : undefined, touched);
    }
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

  /** Why routes of an object do not stand, or that its namespace has nearly too many; of a fleet's unit, that the fleet has. */
  problemsOf(unit: ObjectKey): readonly Problem[] {
    const fleets = [...this.#fleets].filter(([, group]) => this.#warned.get(group) === unit);
    const ofRoutes = (this.#asked.get(unit) ?? []).flatMap((asked) => {
      const stands = this.#allowance(unit, asked);
      if (stands === asked.count) return this.#describeNear(unit, asked);
      const inNamespace = this.#namespaceOf(asked.fleet, asked.owner).allowanceOf(unit);
      return [this.#describe(asked, stands, inNamespace === stands)];
    });
    return [...fleets.map(([fleet]) => toNearFleet(fleet, this.#limits.fleet)), ...ofRoutes];
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

  #describeNear(unit: ObjectKey, { owner, fleet }: Asked): readonly Problem[] {
    if (this.#warned.get(this.#namespaceOf(fleet, owner)) !== unit) return [];
    const message = `namespace ${owner.ref.namespace} has four fifths or more of the ${countText(this.#limits.namespace)} routes that it may have of fleet ${fleet} (limits.namespace.routes)`;
    return [toProblem('limit-near', owner.ref, { message, hint })];
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

function toNearFleet(name: string, most: number): Problem {
  const subject = { source: '', kind: 'Fleet', namespace: '', name };
  const message = `fleet ${name} has four fifths or more of the ${countText(most)} routes that it may have (limits.fleet.routes)`;
  return toProblem('limit-near', subject, {
    message,
    hint: 'Raise the limit before it is reached, or find who has routes that are not needed.',
  });
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
