import { bySeniority, compareText, type Aged, type ObjectKey } from '../model/object-ref.ts';

/** The namespace of a source, as one text: whoever may write there is one tenant. */
export function toTenant({ ref }: Aged): string {
  return `${ref.source}|${ref.namespace}`;
}

/** A tenant as a problem of another one names it. */
export function describeTenant({ ref }: Aged, other: Aged): string {
  return `namespace ${ref.namespace}${ref.source === other.ref.source ? '' : ` of source ${ref.source}`}`;
}

/** Whether two are objects of one tenant; nobody is of none. */
export function isSameTenant(a: Aged | undefined, b: Aged | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.ref.namespace === b.ref.namespace && a.ref.source === b.ref.source;
}

/** A member of a crowd. */
interface Member<K extends string> {
  readonly key: K;
  readonly owner: Aged;
}

/** The elder first. Several routes may count for one Gateway, at one time: by their keys then, whichever came in first. */
function byAge<K extends string>(a: Member<K>, b: Member<K>): number {
  return bySeniority(a.owner, b.owner) || compareText(a.key, b.key);
}

/** Several objects that share something. */
class Many<K extends string> {
  readonly members = new Map<K, Aged>();
  /** How many objects each has. */
  readonly tenants = new Map<string, number>();
  /** A binary heap, in which whoever has gone stays until it comes to the top. */
  readonly #heap: Member<K>[] = [];

  get eldest(): Aged | undefined {
    for (;;) {
      const [top] = this.#heap;
      if (top === undefined || this.members.get(top.key) === top.owner) return top?.owner;
      this.#pop();
    }
  }

  set(key: K, owner: Aged): void {
    const former = this.members.get(key);
    if (former !== undefined && bySeniority(former, owner) === 0) return;
    this.delete(key);
    this.members.set(key, owner);
    const tenant = toTenant(owner);
    this.tenants.set(tenant, (this.tenants.get(tenant) ?? 0) + 1);
    this.#heap.push({ key, owner });
    this.#rise(this.#heap.length - 1);
    // Those who come and go below the top would pile up.
    if (this.#heap.length > 2 * this.members.size + 16) this.#sweep();
  }

  delete(key: K): void {
    const former = this.members.get(key);
    if (former === undefined) return;
    const tenant = toTenant(former);
    const left = (this.tenants.get(tenant) ?? 0) - 1;
    if (left > 0) this.tenants.set(tenant, left);
    else this.tenants.delete(tenant);
    this.members.delete(key);
  }

  #sweep(): void {
    const rest = [...this.members].map(([key, owner]) => ({ key, owner }));
    // A sorted list is a heap.
    rest.sort(byAge);
    this.#heap.length = 0;
    for (const each of rest) this.#heap.push(each);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#exchange(parent, at)) return;
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const elder = this.#isElder(right, left) ? right : left;
      if (!this.#exchange(at, elder)) return;
      at = elder;
    }
  }

  #isElder(index: number, than: number): boolean {
    const [a, b] = [this.#heap[index], this.#heap[than]];
    return a !== undefined && b !== undefined && byAge(a, b) < 0;
  }

  /** Exchanges two when the lower is the elder; returns whether it did. */
  #exchange(upper: number, lower: number): boolean {
    const [a, b] = [this.#heap[upper], this.#heap[lower]];
    if (a === undefined || b === undefined || !this.#isElder(lower, upper)) return false;
    this.#heap[upper] = b;
    this.#heap[lower] = a;
    return true;
  }
}

/**
 * The objects that share something. Its eldest costs a logarithm, however many share it. Most things are of one object, for which
 * collections would cost ten times as much as itself.
 */
export class Crowd<K extends string = ObjectKey> {
  #only: Member<K> | undefined;
  /** From the second member on; they may become fewer again. */
  #many: Many<K> | undefined;

  get members(): Iterable<readonly [K, Aged]> {
    if (this.#many !== undefined) return this.#many.members;
    return this.#only === undefined ? [] : [[this.#only.key, this.#only.owner]];
  }

  /** How many tenants share it. */
  get tenants(): number {
    if (this.#many !== undefined) return this.#many.tenants.size;
    return this.#only === undefined ? 0 : 1;
  }

  /** Whether an object of this tenant is among them. */
  has(owner: Aged): boolean {
    if (this.#many !== undefined) return this.#many.tenants.has(toTenant(owner));
    return isSameTenant(this.#only?.owner, owner);
  }

  get eldest(): Aged | undefined {
    return this.#many === undefined ? this.#only?.owner : this.#many.eldest;
  }

  set(key: K, owner: Aged): void {
    if (this.#many === undefined && (this.#only === undefined || this.#only.key === key)) {
      const former = this.#only?.owner;
      if (former === undefined || bySeniority(former, owner) !== 0) this.#only = { key, owner };
      return;
    }
    this.#many ??= new Many();
    if (this.#only !== undefined) this.#many.set(this.#only.key, this.#only.owner);
    this.#only = undefined;
    this.#many.set(key, owner);
  }

  delete(key: K): void {
    this.#many?.delete(key);
    if (this.#only?.key === key) this.#only = undefined;
  }
}
