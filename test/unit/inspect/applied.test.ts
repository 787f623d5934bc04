import { expect, it } from 'vitest';
import { toAppliedRows } from '../../../src/inspect/applied.ts';
import { isLate, toTraefikProblems } from '../../../src/inspect/traefik-problems.ts';
import { toTraefikRow, TraefikViews, type TraefikView } from '../../../src/inspect/traefik-views.ts';
import type { Moment } from '../../../src/model/moment.ts';
import type { RouteRow } from '../../../src/model/published.ts';
import type { RouterFault, TraefikSeen, TraefikState } from '../../../src/model/traefik-state.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { listPoolEntryPoints } from '../../../src/traefik/static/pool-entry-points.ts';

const ports = { tcp: { range: '20000-20003' }, udp: null, requestable: null, bank: 2, spare: 0 };
const { fleets } = resolveSettings({
  document: toDocument({ fleets: [{ name: 'default', ports }] }),
  env: {},
  folder: '/',
  sources: [{ name: 'prod', directory: { path: '/manifests' } }],
});
const [fleet] = fleets;
const now = 1_000_000;

/** So many milliseconds ago, by a clock that somebody has put back by an hour since. */
function ago(ms: number): Moment {
  return { steady: now - ms, wall: Date.UTC(2026) + 3_600_000 - ms };
}

function toSeen(bank: number, more: Partial<TraefikSeen> = {}): TraefikSeen {
  const own = bank === 0 ? ['web', 'websecure', 'ready'] : ['ready'];
  const pool = fleet === undefined ? [] : listPoolEntryPoints(fleet, bank).map(({ name }) => name);
  const entryPoints = [...own, ...pool].map((name) => ({ name, address: ':1', asDefault: false }));
  return { version: '3.7.0', startedAt: 'then', revision: `now${bank}`, entryPoints, faults: [], ...more };
}

function toViews(...states: readonly Partial<TraefikState>[]): readonly TraefikView[] {
  const views = new TraefikViews(fleets);
  const served = {
    current: (document: string) => ({ revision: document === 'default' ? 'now0' : 'now1' }),
    replacedAt: (_document: string, revision: string) => (revision === 'old' ? ago(60_000) : undefined),
  };
  return states.map((state, index) =>
    views.of(
      { fleet: 'default', name: `http://t${index}`, seen: null, error: null, since: ago(now), ...state },
      served,
    ),
  );
}

function toRoute(entryPoint: string): RouteRow {
  return {
    fleet: 'default',
    protocol: 'tcp',
    router: 'shop_db',
    rule: '',
    entryPoints: [entryPoint],
    service: 's',
    servers: [],
    middlewares: [],
    tls: false,
    object: 'Service/shop/db',
    source: 'prod',
  };
}

const bankOf = (name: string): number => new TraefikViews(fleets).bankOf('default', name);
const apply = (entryPoint: string, views: readonly TraefikView[]) =>
  toAppliedRows([toRoute(entryPoint)], views, (_fleet, name) => bankOf(name));
const fault: RouterFault = {
  protocol: 'tcp',
  router: 'shop_db',
  status: 'disabled',
  entryPoints: ['tcp-20000'],
  errors: ['it says why'],
};

it('counts the Traefiks of the bank, which their entryPoints tell', () => {
  const views = toViews({ seen: toSeen(0) }, { seen: toSeen(1) }, { seen: toSeen(0) });
  expect(views.map(({ bank, standing }) => [bank, standing])).toEqual([
    [0, 'current'],
    [1, 'current'],
    [0, 'current'],
  ]);
  expect(apply('tcp-20000', views)).toMatchObject([{ traefiks: 2, applied: 2, not: [] }]);
  expect(apply('tcp-20002', views)).toMatchObject([{ traefiks: 1, applied: 1 }]);
  expect(apply('web', views)).toMatchObject([{ traefiks: 2, applied: 2 }]);
});

it('says why a Traefik does not serve it', () => {
  const without = toSeen(0);
  const views = toViews(
    { seen: toSeen(0, { revision: 'old' }) },
    { seen: toSeen(0, { revision: null }) },
    { error: 'it cannot be reached (ECONNREFUSED)', seen: toSeen(0) },
    { seen: { ...without, entryPoints: without.entryPoints.filter(({ name }) => name !== 'tcp-20000') } },
    { seen: toSeen(0, { faults: [fault] }) },
    {},
  );
  const [row] = apply('tcp-20000', views);
  expect(row).toMatchObject({ traefiks: 6, applied: 0 });
  expect(row?.not.map(({ why }) => why)).toEqual([
    expect.stringContaining('it has old, which is old since 2026-01-01T00:59:00.000Z'),
    'it has applied no configuration of Fairlead',
    'not known: it cannot be reached (ECONNREFUSED)',
    'it has no entryPoint tcp-20000',
    'disabled: it says why',
    'not asked yet',
  ]);
  expect(apply('tcp-20001', views)[0]?.applied).toBe(1);
});

it('says nothing of a fleet whose Traefiks nobody asks', () => {
  expect(apply('tcp-20000', toViews({ fleet: 'other' }))).toEqual([]);
});

it('makes a problem of what lasts, one for each object that a Traefik refuses', () => {
  const owner = { source: 'prod', kind: 'Service', namespace: 'shop', name: 'db' };
  const views = toViews(
    { seen: toSeen(0, { revision: 'old' }) },
    { error: 'no answer within 2000 ms', since: ago(1_000) },
    { error: 'no answer within 2000 ms', since: ago(60_000) },
    { seen: toSeen(0, { faults: [fault] }) },
    { seen: toSeen(0, { faults: [fault] }) },
    { seen: toSeen(1, { entryPoints: [{ name: 'tcp-20002', address: ':1', asDefault: false }] }) },
  );
  expect(views.map((view) => isLate(view, now))).toEqual([true, false, true, false, false, false]);
  const problems = toTraefikProblems({ views, ownerOf: () => owner, now });
  expect(problems.map(({ code, subject, message }) => [code, subject.name, message])).toEqual([
    ['traefik-answer-not-applied', 'default', expect.stringContaining('http://t0')],
    ['traefik-unreachable', 'default', expect.stringContaining('http://t2')],
    ['traefik-entry-point-missing', 'default', expect.stringContaining('ready, tcp-20003')],
    ['traefik-router-disabled', 'db', expect.stringContaining('http://t3, http://t4: it says why')],
  ]);
});

it('shows so much of what a Traefik lacks, and counts the rest', () => {
  const faults = Array.from({ length: 60 }, (_, index) => ({ ...fault, router: `shop_${index}` }));
  const [view] = toViews({ seen: toSeen(0, { faults, entryPoints: [] }) });
  const row = view && toTraefikRow(view);
  expect(row).toMatchObject({ routerFaultsCount: 60, entryPointsMissingCount: 5, state: 'current' });
  expect(row?.routerFaults).toHaveLength(50);
});
