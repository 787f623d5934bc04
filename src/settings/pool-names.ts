import type { Port, PortRange } from '../model/port.ts';

/** A pool, as far as the names of its entryPoints go. */
export interface NamedPool {
  readonly range: PortRange;
  readonly entryPoint: string;
}

/** The names of all entryPoints of a pool, by port. */
export function* listNames({ range, entryPoint }: NamedPool): Generator<string> {
  for (let port: number = range.from; port <= range.to; port++)
    yield entryPoint.replaceAll('{port}', String(port));
}

/** Whether the whole of one range lies in another. */
export function liesWithin(inner: PortRange, outer: PortRange): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

/** The first port of both ranges; undefined when they do not overlap. */
export function findOverlap(a: PortRange, b: PortRange): Port | undefined {
  const from = a.from > b.from ? a.from : b.from;
  return from <= a.to && from <= b.to ? from : undefined;
}
