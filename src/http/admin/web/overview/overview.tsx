import type { Status } from '../../status.ts';
import { useLive } from '../live.tsx';
import { Link } from '../navigation.tsx';
import { SeverityMark } from '../severity.tsx';
import { toCount } from '../words.ts';
import { findNotices } from './attention.ts';
import { FleetTable } from './fleet-table.tsx';
import { PoolBars } from './pool-bars.tsx';
import { ProblemCodes } from './problem-codes.tsx';
import { SourceTable } from './source-table.tsx';
import { TraefikTable } from './traefik-table.tsx';

export function Overview() {
  const { status } = useLive();
  const { value, error } = status;
  if (value === undefined)
    return (
      <>
        <h1 class="unseen">Overview</h1>
        <p class="empty">{error === undefined ? 'Reading…' : `${error.message}.`}</p>
      </>
    );
  return (
    <>
      <h1 class="unseen">Overview</h1>
      <Verdict status={value} />
      <div class="cards">
        <TraefikTable status={value} />
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
function Verdict({ status }: { readonly status: Status }) {
  const notices = findNotices(status);
  const { sources, traefiks } = status;
  if (notices.length === 0)
    return (
      <section class="verdict good" aria-label="State">
        <p>
          <b>All is well.</b> {toCount(sources.length, 'source is', 'sources are')} in step, and{' '}
          {toCount(traefiks.total, 'Traefik holds', 'Traefiks hold')} the current revision.
        </p>
      </section>
    );
  return (
    <section class="verdict" aria-label="State">
      <ul>
        {notices.map(({ severity, text, to }) => (
          <li key={text}>
            <SeverityMark severity={severity} />
            {to === undefined ? <span>{text}</span> : <Link to={to}>{text}</Link>}
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
        {leader ? 'This replica leads: it allocates ports and writes' : 'This replica follows another one'}
      </span>
      {namespaces !== 'all' && <span>Shown: {namespaces.join(', ') || 'no namespace'}</span>}
    </footer>
  );
}
