/** Whether two lists say the same. */
export function isSameList(a: readonly unknown[] = [], b: readonly unknown[] = []): boolean {
  if (a === b || a.length + b.length === 0) return true;
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
