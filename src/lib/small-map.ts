/**
 * A map for things of which nearly all have one entry, or none: that entry stands here by itself, since tens of thousands of maps of one
 * would be tens of megabytes. Its entries are in no order.
 */
export class SmallMap<K, V> {
  #only: { readonly key: K; readonly value: V } | undefined;
  /** From the second entry on; they may become fewer again. */
  #many: Map<K, V> | undefined;

  get size(): number {
    return this.#many?.size ?? (this.#only === undefined ? 0 : 1);
  }

  get(key: K): V | undefined {
    if (this.#many !== undefined) return this.#many.get(key);
    return this.#only?.key === key ? this.#only.value : undefined;
  }

  has(key: K): boolean {
    return this.#many?.has(key) ?? this.#only?.key === key;
  }

  set(key: K, value: V): this {
    if (this.#many === undefined && this.#only !== undefined && this.#only.key !== key) {
      this.#many = new Map(this.entries());
      this.#only = undefined;
    }
    if (this.#many === undefined) this.#only = { key, value };
    else this.#many.set(key, value);
    return this;
  }

  delete(key: K): boolean {
    if (this.#many !== undefined) return this.#many.delete(key);
    if (this.#only?.key !== key) return false;
    this.#only = undefined;
    return true;
  }

  entries(): Iterable<readonly [K, V]> {
    return this.#many ?? (this.#only === undefined ? [] : [[this.#only.key, this.#only.value]]);
  }

  keys(): Iterable<K> {
    return this.#many?.keys() ?? (this.#only === undefined ? [] : [this.#only.key]);
  }

  values(): Iterable<V> {
    return this.#many?.values() ?? (this.#only === undefined ? [] : [this.#only.value]);
  }
}
