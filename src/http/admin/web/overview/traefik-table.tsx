import type { TraefikRow } from '../../../../model/published.ts';
import type { Status, TraefikStatus } from '../../status.ts';
import { Age } from '../time.tsx';
import { toAge, toCount, toShortRevision } from '../words.ts';
import { AppliedList } from './applied-list.tsx';
import { behindSeconds, silentMs } from './patience.ts';
import { Card } from './card.tsx';

type State = 'current' | 'behind' | 'silent';

/** How far a Traefik is, as its polls tell. */
export function toTraefikState(row: TraefikStatus, now: string): State {
  if (Date.parse(now) - Date.parse(row.lastPoll) > silentMs) return 'silent';
  return row.behindSeconds > behindSeconds ? 'behind' : 'current';
}

const order: readonly State[] = ['behind', 'silent', 'current'];
const marks: Readonly<Record<State, string>> = { current: 'good', behind: 'bad', silent: 'idle' };

/** So many are shown; the worst are among them. */
const most = 50;

/** Who polls and holds what; and, where they can be asked, what they have applied of it. */
export function TraefikTable(props: { readonly status: Status; readonly applied: readonly TraefikRow[] }) {
  const { status, applied } = props;
  const { traefiks, time, fleets } = status;
  const rows = traefiks.rows
    .map((row) => ({ row, state: toTraefikState(row, time) }))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || compare(a.row, b.row));
  const hasBanks = fleets.some(({ banks }) => banks !== undefined);
  const current = rows.filter(({ state }) => state === 'current').length;
  return (
    <Card title="Traefiks" wide aside={`${current} of ${toCount(traefiks.total, 'poller')} current`}>
      {rows.length === 0 ? (
        <p class="empty">No Traefik has polled yet.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label="Traefiks, a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Host</th>
                {fleets.length > 1 && <th scope="col">Fleet</th>}
                {hasBanks && (
                  <th scope="col" class="number">
                    Bank
                  </th>
                )}
                <th scope="col">Has</th>
                <th scope="col">Last poll</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, most).map(({ row, state }) => (
                <tr key={`${row.fleet}/${row.bank} ${row.host} ${row.address} ${row.userAgent}`}>
                  <th scope="row" title={row.userAgent}>
                    <span class={`dot ${marks[state]}`} aria-hidden="true" />
                    {row.host}
                    {row.host !== row.address && <span class="quiet"> {row.address}</span>}
                  </th>
                  {fleets.length > 1 && <td>{row.fleet}</td>}
                  {hasBanks && <td class="number">{row.bank}</td>}
                  <td>
                    <Holding row={row} state={state} />
                  </td>
                  <td>
                    <Age time={row.lastPoll} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {traefiks.total > most && <p class="more">and {toCount(traefiks.total - most, 'more', 'more')}</p>}
      <AppliedList status={status} rows={applied} />
    </Card>
  );
}

function Holding({ row, state }: { readonly row: TraefikStatus; readonly state: State }) {
  const revision = <code title={row.revision ?? ''}>{toShortRevision(row.revision)}</code>;
  switch (state) {
    case 'current':
      return row.behindSeconds === 0 ? <>{revision} current</> : <>{revision} is being replaced</>;
    case 'behind':
      return (
        <span class="bad-text">
          {revision} behind for {toAge(row.behindSeconds * 1_000)}
        </span>
      );
    case 'silent':
      return <>{revision} polls no more</>;
  }
}

function compare(a: TraefikStatus, b: TraefikStatus): number {
  return a.fleet < b.fleet ? -1 : a.fleet > b.fleet ? 1 : a.bank - b.bank || (a.host < b.host ? -1 : 1);
}
