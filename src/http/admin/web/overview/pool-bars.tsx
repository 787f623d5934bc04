import type { Status } from '../../status.ts';
import { Link } from '../navigation.tsx';
import { UseBar } from '../ports/use-bar.tsx';
import { toNumber } from '../words.ts';
import { Card } from './card.tsx';

/** So many are shown here; the view of the ports has all. */
const most = 8;

export function PoolBars({ status }: { readonly status: Status }) {
  const { pools } = status;
  return (
    <Card title="Port pools">
      {pools.length === 0 && <p class="empty">There are none.</p>}
      <ul class="lines">
        {pools.slice(0, most).map((pool) => {
          const name = `${pool.fleet}/${pool.pool}/${pool.protocol}`;
          return (
            <li key={name} class="pool">
              <Link to={{ view: 'ports', pool: name }}>
                <b>{name}</b>
              </Link>
              <span class="number">
                {toNumber(pool.held)} held · {toNumber(pool.cooling)} cooling · {toNumber(pool.free)} free
              </span>
              <UseBar pool={pool} />
            </li>
          );
        })}
      </ul>
      {pools.length > most && (
        <p class="more">
          <Link to={{ view: 'ports' }}>all {toNumber(pools.length)}</Link>
        </p>
      )}
    </Card>
  );
}
