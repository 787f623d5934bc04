/** The first that need not wait; when all must, how long the one does that waits shortest; undefined when there is none. */
export function firstReady<T>(
  items: Iterable<T>,
  waitOf: (item: T) => number,
): { readonly item: T } | number | undefined {
  let least: number | undefined;
  for (const item of items) {
    const ms = waitOf(item);
    if (ms <= 0) return { item };
    least = Math.min(ms, least ?? ms);
  }
  return least;
}
