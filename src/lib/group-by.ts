/** The items by a key that each of them has, in their order. (`Map.groupBy` came after Node 20.) */
export function groupBy<T, K>(items: Iterable<T>, toKey: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = toKey(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
