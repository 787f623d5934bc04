import { compareText } from '../model/object-ref.ts';
import type { Port } from '../model/port.ts';
import type { LedgerEntry } from '../model/ports.ts';
import type { NamespaceRow, PortRow } from '../model/published.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { toTenantKey, type TenantKey } from './claim.ts';

interface Use {
  readonly entry: LedgerEntry;
  readonly row: PortRow;
}

interface Counted {
  readonly row: Omit<NamespaceRow, 'cooling' | 'held'>;
  readonly held: Set<Port>;
  readonly cooling: Set<Port>;
}

/** What each namespace has of each pool, as its quota counts: each number once; the most first. */
export function toNamespaceRows(
  uses: readonly Use[],
  poolOf: (fleet: string, pool: string) => PortPool | undefined,
): readonly NamespaceRow[] {
  const counted = new Map<TenantKey, Counted>();
  for (const { entry, row } of uses) {
    const { fleet, pool, source, port } = row;
    const key = toTenantKey(entry, pool);
    let counts = counted.get(key);
    if (counts === undefined) {
      const most = poolOf(fleet, pool)?.maxPerNamespace ?? null;
      counts = {
        row: { fleet, pool, source, namespace: entry.holder.namespace, most },
        held: new Set(),
        cooling: new Set(),
      };
      counted.set(key, counts);
    }
    (row.state === 'cooling' ? counts.cooling : counts.held).add(port);
  }
  return [...counted.values()]
    .map(({ row: { most, ...row }, held, cooling }) => ({
      ...row,
      held: held.size,
      cooling: [...cooling].filter((port) => !held.has(port)).length,
      most,
    }))
    .sort(byUse);
}

function byUse(a: NamespaceRow, b: NamespaceRow): number {
  return (
    b.held + b.cooling - a.held - a.cooling ||
    compareText(a.fleet, b.fleet) ||
    compareText(a.pool, b.pool) ||
    compareText(a.source, b.source) ||
    compareText(a.namespace, b.namespace)
  );
}
