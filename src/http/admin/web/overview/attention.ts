import type { Status } from '../../status.ts';
import type { Step } from '../place.ts';
import { countSeverity } from '../severity.tsx';
import { toAge, toCount, toNumber } from '../words.ts';

/** Something that somebody should look at. */
export interface Notice {
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly to?: Step;
}

/** A Traefik polls every few seconds: one that has not for so long has gone, or cannot reach this Fairlead. */
export const silentMs = 30_000;
/** It takes a moment until a change has been fetched. */
export const behindSeconds = 10;
/** A pool of which so much is in use is about to be full. */
const fullShare = 0.8;

/** What is wrong, the worst first. */
export function findNotices(status: Status): readonly Notice[] {
  return [
    ...findReadiness(status),
    ...findSources(status),
    ...findTraefiks(status),
    ...findPools(status),
    ...findProblems(status),
  ].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

function findReadiness({ readiness }: Status): readonly Notice[] {
  if (readiness.kind === 'ready') return [];
  const text = `Nothing is served yet: it waits for ${readiness.waitingFor.join(', ') || 'its first configuration'}`;
  return [{ severity: 'error', text }];
}

function findSources({ sources, time }: Status): readonly Notice[] {
  return sources.flatMap(({ name, state, lastSync, detail }): Notice[] => {
    if (state === 'synced') return [];
    const age = lastSync === null ? undefined : toAge(Date.parse(time) - Date.parse(lastSync));
    const since = age === undefined ? 'has not been read yet' : `has not been in step for ${age}`;
    const why = detail === '' ? '' : ` (${detail})`;
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
      text: `${host}${bank === 0 ? '' : `, bank ${bank},`} has not polled for ${toAge(Date.parse(time) - Date.parse(lastPoll))}`,
    })),
  ];
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
  const text = `${toCount(errors, 'error')} in what users have written`;
  return [{ severity: 'error', text, to: { view: 'problems', severity: 'error' } }];
}
