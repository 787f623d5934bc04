import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';

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

/**
 * The objects that share something. Its eldest costs a logarithm, however many share it: a binary heap, in which whoever has gone
 * stays until it comes to the top.
 */
export class Crowd<K extends string = ObjectKey> {
  readonly #heap: { readonly key: K; readonly owner: Aged }[] = [];
  readonly #members = new Map<K, Aged>();
  /** How many objects each has. */
  readonly #tenants = new Map<string, number>();

  get members(): Iterable<readonly [K, Aged]> {
    return this.#members;
  }

  /** How many tenants share it. */
  get tenants(): number {
    return this.#tenants.size;
  }

  /** Whether an object of this tenant is among them. */
  has(owner: Aged): boolean {
    return this.#tenants.has(toTenant(owner));
  }

  get eldest(): Aged | undefined {
    for (;;) {
      const [top] = this.#heap;
      if (top === undefined || this.#members.get(top.key) === top.owner) return top?.owner;
      this.#pop();
    }
  }

  set(key: K, owner: Aged): void {
    const former = this.#members.get(key);
    if (former !== undefined && bySeniority(former, owner) === 0) return;
    this.delete(key);
    this.#members.set(key, owner);
    this.#tenants.set(toTenant(owner), (this.#tenants.get(toTenant(owner)) ?? 0) + 1);
    this.#heap.push({ key, owner });
    this.#rise(this.#heap.length - 1);
    // Those who come and go below the top would pile up.
    if (this.#heap.length > 2 * this.#members.size + 16) this.#sweep();
  }

  delete(key: K): void {
    const former = this.#members.get(key);
    if (former === undefined) return;
    const left = (this.#tenants.get(toTenant(former)) ?? 0) - 1;
    if (left > 0) this.#tenants.set(toTenant(former), left);
    else this.#tenants.delete(toTenant(former));
    this.#members.delete(key);
  }

  #sweep(): void {
    const rest = [...this.#members].map(([key, owner]) => ({ key, owner }));
    // A sorted list is a heap.
    rest.sort((a, b) => bySeniority(a.owner, b.owner));
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
    return a !== undefined && b !== undefined && bySeniority(a.owner, b.owner) < 0;
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
