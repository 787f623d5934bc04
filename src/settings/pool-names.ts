import type { PortRange } from '../model/port.ts';

/** A pool, as far as the names of its entryPoints go. */
export interface NamedPool {
  readonly range: PortRange;
  readonly entryPoint: string;
}

/** The first entryPoint of a pool whose name is among others: those of another pool, or a set. */
export function findSharedName(pool: NamedPool, others: NamedPool | ReadonlySet<string>): string | undefined {
  const names = 'range' in others ? new Set(namesOf(others)) : others;
  for (const name of namesOf(pool)) if (names.has(name)) return name;
  return undefined;
}

function* namesOf({ range, entryPoint }: NamedPool): Generator<string> {
  for (let port: number = range.from; port <= range.to; port++)
    yield entryPoint.replaceAll('{port}', String(port));
}

/** Whether the whole of one range lies in another. */
export function liesWithin(inner: PortRange, outer: PortRange): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}
