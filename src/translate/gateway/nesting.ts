import { listCovering, toHostText } from '../../routes/match.ts';
import { toFamily } from './listener-conflicts.ts';
import type { ResolvedListener } from './resolved.ts';

type Nested = Pick<ResolvedListener, 'host' | 'listener'>;

/** For a listener that is alone. */
export const alone: ResolvedListener['nesting'] = { narrower: [] };

/**
 * How the hosts of listeners lie inside each other, port by port. Those that lie in one are listed in their order; the time is the
 * number of listeners times that of the labels of their hosts.
 */
export function findNesting<T extends Nested>(
  listeners: readonly T[],
): ReadonlyMap<T, ResolvedListener['nesting']> {
  const byHost = new Map<string, T[]>();
  for (const each of listeners) {
    const key = toKey(each, toHostText(each.host));
    if (key === undefined) continue;
    const same = byHost.get(key);
    if (same === undefined) byHost.set(key, [each]);
    else same.push(each);
  }
  const narrower = new Map<T, Set<string>>();
  const inside = new Set<T>();
  for (const each of listeners) {
    const [own = '', ...wider] = listCovering(each.host);
    for (const around of wider.flatMap((text) => byHost.get(toKey(each, text) ?? '') ?? [])) {
      inside.add(each);
      narrower.set(around, (narrower.get(around) ?? new Set()).add(own));
    }
  }
  return new Map(
    listeners.map((each) => [
      each,
      { narrower: [...(narrower.get(each) ?? [])], ...(inside.has(each) && { isInside: true as const }) },
    ]),
  );
}

/** Of TCP and UDP no host is known. */
function toKey({ listener: { protocol, port } }: Nested, host: string): string | undefined {
  const family = toFamily(protocol);
  return family === 'http' || family === 'tls' ? `${family} ${port} ${host}` : undefined;
}
