import { expect, it } from 'vitest';
import type { TraefikRow } from '../../../../src/model/published.ts';
import type { Status, TraefikStatus } from '../../../../src/http/admin/status.ts';
import { toAppliedState } from '../../../../src/http/admin/web/overview/applied-state.ts';

const row: TraefikRow = {
  fleet: 'default',
  bank: 0,
  traefik: 'http://edge:8080',
  state: 'behind',
  since: '2026-01-01T00:00:00.000Z',
  version: '3.7.2',
  startedAt: null,
  revision: 'old',
  entryPointsMissing: [],
  entryPointsMissingCount: 0,
  routerFaults: [],
  routerFaultsCount: 0,
};
const poller: TraefikStatus = {
  fleet: 'default',
  bank: 0,
  host: 'edge',
  address: '10.0.0.1',
  userAgent: '',
  revision: 'new',
  behindSeconds: 0,
  lastPoll: '2026-01-01T00:00:40.000Z',
};

function toStatus(...rows: readonly TraefikStatus[]): Status {
  return {
    version: '',
    time: '2026-01-01T00:00:41.000Z',
    started: '',
    readiness: { kind: 'ready' },
    leader: true,
    namespaces: 'all',
    sources: [],
    objects: 0,
    fleets: [],
    pools: [],
    problems: [],
    traefiks: { total: rows.length, rows },
  };
}

it('tells an answer that was not taken though all poll and hold it', () => {
  expect(toAppliedState(row, toStatus(poller))).toMatchObject({
    mark: 'bad',
    text: 'has not applied the current revision for 41 s, although all that poll have it',
  });
});

it.each([
  ['nobody polls', toStatus()],
  ['one that polls has not fetched it', toStatus(poller, { ...poller, behindSeconds: 3 })],
  ['only another bank is polled for', toStatus({ ...poller, bank: 1 })],
  ['nobody polls any more', toStatus({ ...poller, lastPoll: '2026-01-01T00:00:00.000Z' })],
])('does not say that they hold it when %s', (_name, status) => {
  expect(toAppliedState(row, status).text).toBe('has not applied the current revision for 41 s');
});

it('leaves a Traefik a moment', () => {
  const fresh = { ...row, since: '2026-01-01T00:00:40.000Z' };
  expect(toAppliedState(fresh, toStatus(poller)).mark).toBe('idle');
  const away = { ...fresh, state: 'unreachable', error: 'no answer within 2000 ms' } as const;
  expect(toAppliedState(away, toStatus(poller)).mark).toBe('idle');
  expect(toAppliedState({ ...away, since: row.since }, toStatus(poller))).toMatchObject({
    mark: 'warn',
    text: 'its API has not answered for 41 s: no answer within 2000 ms',
  });
});

it('names some of what is lacking and refused, and counts the rest', () => {
  const entryPointsMissing = Array.from({ length: 50 }, (_, index) => `tcp-${20_000 + index}`);
  const fault = {
    protocol: 'tcp',
    status: 'disabled',
    entryPoints: [],
    errors: ['no such entryPoint'],
  } as const;
  const routerFaults = Array.from({ length: 50 }, (_, index) => ({ ...fault, router: `r${index}` }));
  const many = { ...row, state: 'current', entryPointsMissing, routerFaults } as const;
  const counts = { entryPointsMissingCount: 2_000, routerFaultsCount: 70 };
  const { mark, faults } = toAppliedState({ ...many, ...counts }, toStatus(poller));
  expect(mark).toBe('bad');
  expect(faults).toEqual([
    'lacks the entryPoints tcp-20000, tcp-20001, tcp-20002, tcp-20003 and 1,996 more',
    ...[0, 1, 2, 3].map((index) => `tcp router r${index} disabled: no such entryPoint`),
    '66 more routers not served as asked for',
  ]);
  const explained = { ...fault, router: 'r', entryPoints: ['tcp-20000'] };
  const lacking = { entryPointsMissing: ['tcp-20000'], entryPointsMissingCount: 1 };
  expect(
    toAppliedState(
      { ...row, state: 'current', ...lacking, routerFaults: [explained], routerFaultsCount: 1 },
      toStatus(poller),
    ).faults,
  ).toEqual(['lacks the entryPoint tcp-20000']);
  // Who may not see all gets the number alone.
  expect(toAppliedState({ ...row, state: 'current', routerFaultsCount: 2 }, toStatus(poller)).faults).toEqual(
    ['2 routers not served as asked for'],
  );
});
