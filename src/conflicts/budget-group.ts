import { isNearLimit } from '../model/near-limit.ts';
import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';

interface Member {
  readonly owner: Aged;
  readonly count: number;
}

/** Objects that share a number of routes: of a namespace, or of a fleet. The elder are served first. */
export class BudgetGroup {
  readonly fleet: string;
  readonly #most: number;
  readonly #members = new Map<ObjectKey, Member>();
  #total = 0;
  /** Members that have changed since the last decision, with their owners: some are gone. */
  readonly #changed = new Map<ObjectKey, Aged>();
  /** What each may have, while all together ask for too much. */
  #allowances: ReadonlyMap<ObjectKey, number> | undefined;

  constructor(fleet: string, most: number) {
    this.fleet = fleet;
    this.#most = most;
  }

  get isDirty(): boolean {
    return this.#changed.size > 0;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** An object asks for so many routes; 0: it is no member any more. */
  set(unit: ObjectKey, owner: Aged, count: number): void {
    const former = this.#members.get(unit);
    this.#total += count - (former?.count ?? 0);
    if (count > 0) this.#members.set(unit, { owner, count });
    else this.#members.delete(unit);
    this.#changed.set(unit, owner);
  }

  /** Whether all together ask for nearly too much. */
  get isNear(): boolean {
    return isNearLimit(this.#total, this.#most);
  }

  /** Who would be the first to get less. Costs as much as there are members. */
  findYoungest(): ObjectKey | undefined {
    const [first, ...others] = this.#members;
    if (first === undefined) return undefined;
    return others.reduce((a, b) => (bySeniority(a[1].owner, b[1].owner) < 0 ? b : a), first)[0];
  }

  /** How many of its routes stand, after the last decision. */
  allowanceOf(unit: ObjectKey): number {
    const count = this.#members.get(unit)?.count ?? 0;
    return this.#allowances === undefined ? count : (this.#allowances.get(unit) ?? 0);
  }

  /** Decides again, if anything has changed. Returns the objects that have changed, or that may have more or less routes. */
  settle(): ReadonlyMap<ObjectKey, Aged> {
    const touched = new Map(this.#changed);
    if (!this.isDirty) return touched;
    this.#changed.clear();
    const former = this.#allowances;
    this.#allowances = this.#total > this.#most ? this.#divide() : undefined;
    if (former === undefined && this.#allowances === undefined) return touched;
    for (const [unit, { owner, count }] of this.#members) {
      if ((former === undefined ? count : (former.get(unit) ?? 0)) !== this.allowanceOf(unit))
        touched.set(unit, owner);
    }
    return touched;
  }

  #divide(): ReadonlyMap<ObjectKey, number> {
    let left = this.#most;
    const sorted = [...this.#members].sort(([, a], [, b]) => bySeniority(a.owner, b.owner));
    return new Map(
      sorted.map(([unit, { count }]) => {
        const allowance = Math.min(count, left);
        left -= allowance;
        return [unit, allowance];
      }),
    );
  }
}
