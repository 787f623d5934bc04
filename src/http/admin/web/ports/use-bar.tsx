import type { PoolRow } from '../../../../model/published.ts';
import { toNumber } from '../words.ts';

/** How much of a pool is in use. What it shows is said in words beside it. */
export function UseBar({ pool }: { readonly pool: PoolRow }) {
  const { open, total, held, cooling } = pool;
  const share = (count: number): string => `${total === 0 ? 0 : (count / total) * 100}%`;
  return (
    <span class="bar" title={`${toNumber(open)} of ${toNumber(total)} are in open banks`} aria-hidden="true">
      <span class="open" style={{ width: share(open) }} />
      <span class="held" style={{ width: share(held) }} />
      <span class="cooling" style={{ left: share(held), width: share(cooling) }} />
    </span>
  );
}
