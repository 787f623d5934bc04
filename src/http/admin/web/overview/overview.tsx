import type { TraefikRow } from '../../../../model/published.ts';
import type { ShrinkRow } from '../../../../model/shrink.ts';
import type { Status } from '../../status.ts';
import { useLive } from '../live.tsx';
import { Link } from '../navigation.tsx';
import { Prose } from '../prose.tsx';
import { SeverityMark } from '../severity.tsx';
import { useAnswer } from '../use-answer.ts';
import { toCount } from '../words.ts';
import { findNotices, type Known } from './attention.ts';
import { FleetTable } from './fleet-table.tsx';
import { PoolBars } from './pool-bars.tsx';
import { ProblemCodes } from './problem-codes.tsx';
import { SourceTable } from './source-table.tsx';
import { TraefikTable } from './traefik-table.tsx';

export function Overview() {
  const { status, moment } = useLive();
  const traefiks = useAnswer<readonly TraefikRow[]>('api/traefiks', moment);
  const losses = useAnswer<readonly ShrinkRow[]>('api/shrinks', moment);
  const { value, error } = status;
  if (value === undefined)
    return (
      <>
        <h1 class="unseen">Overview</h1>
        <p class="empty">{error === undefined ? 'Reading…' : `${error.message}.`}</p>
      </>
    );
  const applied = traefiks.value ?? [];
  const isAsked = [traefiks, losses].every((each) => each.value !== undefined || each.error !== undefined);
  return (
    <>
      <h1 class="unseen">Overview</h1>
      <Verdict known={{ status: value, applied, shrinks: losses.value ?? [] }} isAsked={isAsked} />
      <div class="cards">
        <TraefikTable status={value} applied={applied} />
        <SourceTable status={value} />
        <FleetTable status={value} />
        <PoolBars status={value} />
        <ProblemCodes status={value} />
      </div>
      <Footer status={value} />
    </>
  );
}

/** What to know before anything else. */
function Verdict({ known, isAsked }: { readonly known: Known; readonly isAsked: boolean }) {
  const notices = findNotices(known);
  const { sources, traefiks } = known.status;
  const { length } = known.applied;
  if (notices.length === 0 && !isAsked) return <p class="verdict">Reading…</p>;
  if (notices.length === 0)
    return (
      <section class="verdict good" aria-label="State">
        <p>
          <b>All is well.</b> {toCount(sources.length, 'source is', 'sources are')} synced, and{' '}
          {toCount(traefiks.total, 'Traefik has', 'Traefiks have')} the current revision
          {length > 0 && `; by their APIs, ${toCount(length, 'Traefik has', 'Traefiks have')} applied it`}.
        </p>
      </section>
    );
  return (
    <section class="verdict" aria-label="State">
      <ul>
        {notices.map(({ severity, text, to }) => (
          <li key={text}>
            <SeverityMark severity={severity} />
            {to === undefined ? (
              <span>
                <Prose text={text} />
              </span>
            ) : (
              <Link to={to}>{text}</Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Footer({ status }: { readonly status: Status }) {
  const { version, leader, namespaces } = status;
  return (
    <footer class="foot">
      <span>Fairlead {version}</span>
      <span>
        {leader ? 'This replica is the leader: it allocates ports and writes' : 'This replica is a follower'}
      </span>
      {namespaces !== 'all' && <span>Shown: {namespaces.join(', ') || 'no namespace'}</span>}
    </footer>
  );
}
