import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';

/** The namespace of a source: whoever may write there is one tenant. */
export function toTenant({ ref }: Aged): string {
  return `${ref.source}|${ref.namespace}`;
}

/** The objects that ask for TLS for a host, and who among them came first. */
export class Securing {
  readonly #owners = new Map<ObjectKey, Aged>();
  readonly #tenants = new Map<string, number>();
  #eldest: Aged | undefined;

  get isEmpty(): boolean {
    return this.#owners.size === 0;
  }

  /** Different whenever `countsFor` may say something else of anybody. */
  get state(): string {
    return `${this.#eldest === undefined ? '' : JSON.stringify(this.#eldest.ref)}|${this.#tenants.size}`;
  }

  /**
   * Whether what an object makes depend on TLS may depend on these: when one of them is of its own namespace, or was there before it.
   * Whoever came later and from elsewhere must not change how the clients of an object are served.
   */
  countsFor(owner: Aged): boolean {
    if (this.#eldest === undefined) return false;
    return this.#tenants.has(toTenant(owner)) || bySeniority(this.#eldest, owner) < 0;
  }

  set(unit: ObjectKey, owner: Aged): void {
    this.delete(unit);
    this.#owners.set(unit, owner);
    const tenant = toTenant(owner);
    this.#tenants.set(tenant, (this.#tenants.get(tenant) ?? 0) + 1);
    if (this.#eldest === undefined || bySeniority(owner, this.#eldest) < 0) this.#eldest = owner;
  }

  delete(unit: ObjectKey): void {
    const owner = this.#owners.get(unit);
    if (owner === undefined) return;
    this.#owners.delete(unit);
    const tenant = toTenant(owner);
    const left = (this.#tenants.get(tenant) ?? 1) - 1;
    if (left > 0) this.#tenants.set(tenant, left);
    else this.#tenants.delete(tenant);
    if (owner !== this.#eldest) return;
    this.#eldest = undefined;
    for (const each of this.#owners.values()) {
      if (this.#eldest === undefined || bySeniority(each, this.#eldest) < 0) this.#eldest = each;
    }
  }
}
