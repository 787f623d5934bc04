import type { TraefikRow } from '../../../../model/published.ts';
import type { ShrinkRow } from '../../../../model/shrink.ts';
import type { Status } from '../../status.ts';
import { countSeverity } from '../severity.tsx';
import { toAge, toCount, toLocalTime, toNumber } from '../words.ts';
import { toAppliedState } from './applied-state.ts';
import type { Notice } from './notice.ts';
import { behindSeconds, silentMs } from './patience.ts';
import { findShrinks } from './shrink-notices.ts';

/** A pool of which so much is in use is about to be full. */
const fullShare = 0.8;

/** What the overview knows. */
export interface Known {
  readonly status: Status;
  /** What Traefiks say themselves; none where none can be asked. */
  readonly applied: readonly TraefikRow[];
  readonly shrinks: readonly ShrinkRow[];
}

/** What is wrong, the worst first. */
export function findNotices({ status, applied, shrinks }: Known): readonly Notice[] {
  return [
    ...findReadiness(status),
    ...findShrinks(shrinks, status.time),
    ...findSources(status),
    ...findTraefiks(status),
    ...findApplied(applied, status),
    ...findPools(status),
    ...findProblems(status),
  ].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

/** How long ago something was at a time. */
function toAgeAt(time: string, moment: string): string {
  return toAge(Date.parse(time) - Date.parse(moment));
}

function findReadiness({ readiness }: Status): readonly Notice[] {
  if (readiness.kind === 'ready') return [];
  const text = `Nothing is served yet: it waits for ${readiness.waitingFor.join(', ') || 'its first configuration'}`;
  return [{ severity: 'error', text }];
}

function findSources({ sources, time }: Status): readonly Notice[] {
  return sources.flatMap(({ name, state, lastSync, detail, kept }): Notice[] => {
    if (state === 'synced') return [];
    const why = detail === '' ? '' : ` (${detail})`;
    if (kept !== undefined) {
      const what = `what it had ${toAgeAt(time, kept)} ago, at ${toLocalTime(kept)}, is served`;
      const text = `Source ${name} has not answered since the start: ${what} (lastKnownGood)${why}`;
      return [{ severity: 'error', text }];
    }
    const since =
      lastSync === null ? 'has not been read yet' : `has not been synced for ${toAgeAt(time, lastSync)}`;
    return [{ severity: state === 'stale' ? 'error' : 'warning', text: `Source ${name} ${since}${why}` }];
  });
}

function findTraefiks({ traefiks: { rows, total }, time, readiness }: Status): readonly Notice[] {
  if (total === 0 && readiness.kind === 'ready')
    return [{ severity: 'warning', text: 'No Traefik has polled since Fairlead was started' }];
  const silent = rows.filter(({ lastPoll }) => Date.parse(time) - Date.parse(lastPoll) > silentMs);
  const behind = rows.filter((row) => !silent.includes(row) && row.behindSeconds > behindSeconds);
  return [
    ...behind.slice(0, 5).map(({ host, behindSeconds: seconds }): Notice => ({
      severity: 'error',
      text: `Traefik ${host} polls, and has not had the current revision for ${toAge(seconds * 1_000)}`,
    })),
    ...silent.slice(0, 5).map(({ host, bank, lastPoll }): Notice => ({
      severity: 'warning',
      text: `${host}${bank === 0 ? '' : `, bank ${bank},`} has not polled for ${toAgeAt(time, lastPoll)}`,
    })),
  ];
}

function findApplied(rows: readonly TraefikRow[], status: Status): readonly Notice[] {
  const found = rows.flatMap((row): Notice[] => {
    const { mark, text, faults } = toAppliedState(row, status);
    if (mark !== 'bad' && mark !== 'warn') return [];
    const [first, ...more] = faults;
    const also = more.length === 0 ? '' : `, and ${more.length} more`;
    const what = row.state === 'current' && first !== undefined ? `${first}${also}` : text;
    return [{ severity: mark === 'bad' ? 'error' : 'warning', text: `Traefik ${row.traefik} ${what}` }];
  });
  return found.slice(0, 5);
}

function findPools({ pools, fleets }: Status): readonly Notice[] {
  const full = pools.flatMap((pool): Notice[] => {
    const { fleet, protocol, open, free, held, cooling } = pool;
    if (open === 0 || free > open * (1 - fullShare)) return [];
    const name = `${fleet}/${pool.pool}/${protocol}`;
    const use = `${toNumber(held)} held, ${toNumber(cooling)} cooling down, ${toNumber(free)} of ${toNumber(open)} free`;
    return [
      {
        severity: free === 0 ? 'error' : 'warning',
        text: `Pool ${name} is ${free === 0 ? 'used up' : 'almost full'}: ${use}`,
        to: { view: 'ports', pool: name },
      },
    ];
  });
  const wanted = fleets.flatMap(({ name, banks }): Notice[] =>
    banks === undefined || banks.wanted === 0
      ? []
      : [
          {
            severity: 'warning',
            text: `${toCount(banks.wanted, 'bank')} of fleet ${name} ${banks.wanted === 1 ? 'is' : 'are'} wanted: start a Traefik for ${banks.wanted === 1 ? 'it' : 'them'}`,
            to: { view: 'ports' },
          },
        ],
  );
  return [...full, ...wanted];
}

function findProblems({ problems }: Status): readonly Notice[] {
  const errors = countSeverity(problems, 'error');
  if (errors === 0) return [];
  const text = `${toCount(errors, 'error')} among the problems`;
  return [{ severity: 'error', text, to: { view: 'problems', severity: 'error' } }];
}
