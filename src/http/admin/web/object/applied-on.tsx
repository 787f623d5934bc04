import type { AppliedRow } from '../../../../model/published.ts';
import { toCount } from '../words.ts';

/** So many are named. */
const most = 6;

/** On how many Traefiks a router is applied, as they say themselves, and why it is not on the others. */
export function AppliedOn({ row }: { readonly row: AppliedRow }) {
  const { fleet, traefiks, applied, not } = row;
  const mark = applied === traefiks ? 'good' : applied === 0 ? 'bad' : 'warn';
  const more = traefiks - applied - Math.min(most, not.length);
  return (
    <>
      <span class={`health ${mark}`}>
        <span class={`dot ${mark}`} aria-hidden="true" />
        applied on {applied} of {toCount(traefiks, 'Traefik')}
      </span>{' '}
      of fleet {fleet}
      <ul class="servers">
        {not.slice(0, most).map(({ traefik, why }) => (
          <li key={traefik}>
            <b>{traefik}</b>
            <span class="sub">{why}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <span class="sub">and {toCount(more, 'more', 'more')}</span>}
    </>
  );
}
