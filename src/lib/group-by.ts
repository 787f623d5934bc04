/** The items by a key that each of them has, in their order. (`Map.groupBy` came after Node 20.) */
export function groupBy<T, K>(items: Iterable<T>, toKey: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) append(groups, toKey(item), item);
  return groups;
}

/** Adds an item to the list of a key, at its end. */
export function append<T, K>(groups: Map<K, T[]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
