import type { PoolMap } from '../../../../model/listing.ts';
import type { PoolRow } from '../../../../model/published.ts';
import { useLive } from '../live.tsx';
import { Link, useNavigation } from '../navigation.tsx';
import { SearchField } from '../search-field.tsx';
import { useAnswer } from '../use-answer.ts';
import { useSearch } from '../use-search.ts';
import { toCount, toNumber } from '../words.ts';
import { PoolMapView } from './pool-map.tsx';
import { PortLines } from './port-lines.tsx';
import { countStates, states, type PortState } from './states.ts';
import { UnmetRequests } from './unmet-requests.tsx';
import { UseBar } from './use-bar.tsx';

export function PortsView() {
  const { place, go } = useNavigation();
  const { status } = useLive();
  const { text, total, onText, onTotal } = useSearch();
  const pools = status.value?.pools ?? [];
  const chosen = pools.find((pool) => toName(pool) === place.pool) ?? pools[0];
  const isList = text !== '' || place.as === 'list';
  return (
    <>
      <div class="tools">
        <h1>Ports</h1>
        <SearchField label="Search ports" hint="number, namespace, Service, address…" onText={onText} />
        <span class="switch" role="group" aria-label="Shown as">
          <button type="button" aria-pressed={!isList} onClick={() => go({ as: '', q: '' })}>
            Map
          </button>
          <button type="button" aria-pressed={isList} onClick={() => go({ as: 'list' })}>
            List
          </button>
        </span>
        <p class="found" role="status">
          {isList && total !== undefined && toCount(total, 'port')}
        </p>
      </div>
      <UnmetRequests />
      {isList ? (
        <PortLines text={text} onTotal={onTotal} />
      ) : (
        <>
          {pools.length > 1 && <PoolChoice pools={pools} chosen={chosen} />}
          {chosen === undefined ? (
            <p class="empty">{status.value === undefined ? 'Reading…' : 'There are no port pools.'}</p>
          ) : (
            <ChosenPool key={toName(chosen)} pool={chosen} />
          )}
        </>
      )}
    </>
  );
}

/** As it stands in the address. */
function toName({ fleet, pool, protocol }: Pick<PoolRow, 'fleet' | 'pool' | 'protocol'>): string {
  return `${fleet}/${pool}/${protocol}`;
}

function PoolChoice({
  pools,
  chosen,
}: {
  readonly pools: readonly PoolRow[];
  readonly chosen: PoolRow | undefined;
}) {
  return (
    <nav class="pools" aria-label="Pools">
      <ul>
        {pools.map((pool) => (
          <li key={toName(pool)}>
            <Link to={{ pool: toName(pool), port: '' }} current={pool === chosen ? 'true' : undefined}>
              <b>{toName(pool)}</b>
              <span class="number">{toNumber(pool.free)} free</span>
              <UseBar pool={pool} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ChosenPool({ pool }: { readonly pool: PoolRow }) {
  const { place, go } = useNavigation();
  const { version } = useLive();
  const { value: map, error } = useAnswer<PoolMap>(`api/pools/${toName(pool)}`, version);
  if (map === undefined) return <p class="empty">{error === undefined ? 'Reading…' : `${error.message}.`}</p>;
  const choose = (port: number, how: 'push' | 'replace'): void =>
    go({ pool: toName(pool), port: String(port), object: '' }, how);
  return (
    <>
      <Legend map={map} />
      <PoolMapView map={map} port={place.port === '' ? Number.NaN : Number(place.port)} choose={choose} />
    </>
  );
}

function Legend({ map }: { readonly map: PoolMap }) {
  const counts = countStates(map.states);
  const named = (Object.keys(states) as PortState[]).filter(
    (state) => counts[state] > 0 || state === 'h' || state === 'f',
  );
  return (
    <ul class="legend" aria-label={`Pool ${toName(map)}`}>
      {named.map((state) => (
        <li key={state}>
          <span class={`swatch s-${state === '.' ? 'x' : state}`} aria-hidden="true" />
          {toNumber(counts[state])} {states[state]}
        </li>
      ))}
      {map.requestable !== null && (
        <li>
          <span class="swatch band" aria-hidden="true" />
          {map.requestable.from}–{map.requestable.to} may be asked for
        </li>
      )}
    </ul>
  );
}
