import type { TraefikRow } from '../../../../model/published.ts';
import type { Status } from '../../status.ts';
import { toCount, toShortRevision } from '../words.ts';
import { toAppliedState, type AppliedState } from './applied-state.ts';

/** So many are shown; the worst are among them. */
const most = 30;

const order: readonly AppliedState['mark'][] = ['bad', 'warn', 'idle', 'good'];

/** What Traefiks say that they have applied; nothing where none can be asked. */
export function AppliedList(props: { readonly status: Status; readonly rows: readonly TraefikRow[] }) {
  const { status, rows } = props;
  if (rows.length === 0) return null;
  const all = rows
    .map((row) => ({ row, state: toAppliedState(row, status) }))
    .sort((a, b) => order.indexOf(a.state.mark) - order.indexOf(b.state.mark));
  const good = all.filter(({ state }) => state.mark === 'good').length;
  return (
    <section aria-label="Applied">
      <h3>
        By their APIs: everything applied on {good} of {toCount(rows.length, 'Traefik')}
      </h3>
      <ul class="lines applied">
        {all.slice(0, most).map(({ row, state }) => (
          <li key={`${row.fleet} ${row.traefik}`}>
            <span class={`dot ${state.mark}`} aria-hidden="true" />
            <span class="grow">
              <b>{row.traefik}</b>
              {status.fleets.length > 1 && ` of fleet ${row.fleet}`}
              {row.bank > 0 && `, bank ${row.bank}`}{' '}
              <span class={state.mark === 'bad' && state.faults.length === 0 ? 'bad-text' : undefined}>
                {state.text}
              </span>
              {state.faults.map((fault) => (
                <span key={fault} class="sub bad-text">
                  {fault}
                </span>
              ))}
            </span>
            <span class="quiet aside">
              {row.revision !== null && <code title={row.revision}>{toShortRevision(row.revision)}</code>}
              {row.version !== null && ` Traefik ${row.version}`}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > most && <p class="more">and {toCount(rows.length - most, 'more', 'more')}</p>}
    </section>
  );
}
