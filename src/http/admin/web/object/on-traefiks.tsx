import { useLive } from '../live.tsx';
import { toTraefikState } from '../overview/traefik-table.tsx';
import { toAge, toCount } from '../words.ts';

/** So many are named. */
const most = 6;

const marks = { current: 'good', behind: 'bad', silent: 'idle' } as const;

/** The Traefiks of a fleet that cannot be asked, and whether they hold what is served now: as much as their polls tell. */
export function OnTraefiks({ fleet }: { readonly fleet: string }) {
  const { status } = useLive();
  const { traefiks, time } = status.value ?? { traefiks: { rows: [] }, time: '' };
  const rows = traefiks.rows.filter((row) => row.fleet === fleet);
  if (rows.length === 0) return <span>no Traefik of fleet {fleet} has polled yet</span>;
  const states = rows.map((row) => ({ row, state: toTraefikState(row, time) }));
  const current = states.filter(({ state }) => state === 'current').length;
  return (
    <>
      <span>
        {current} of {toCount(rows.length, 'Traefik')} of fleet {fleet}
      </span>
      <ul class="servers">
        {states.slice(0, most).map(({ row, state }) => (
          <li key={`${row.host} ${row.address} ${row.bank} ${row.userAgent}`}>
            <span class={`dot ${marks[state]}`} aria-hidden="true" />
            {row.host}
            {row.bank === 0 ? '' : `, bank ${row.bank}`}
            <span class="quiet">
              {state === 'current' && ' has the current revision'}
              {state === 'behind' && ` behind for ${toAge(row.behindSeconds * 1_000)}`}
              {state === 'silent' && ' no longer polls'}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > most && <span class="sub">and {toCount(rows.length - most, 'more', 'more')}</span>}
    </>
  );
}
