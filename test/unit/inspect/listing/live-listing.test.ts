import { expect, test } from 'vitest';
import { LiveListing } from '../../../../src/inspect/listing/live-listing.ts';
import { inspect } from '../../../../src/inspect/inspection.ts';
import { BusyError, seesAll, type Query, type Sight } from '../../../../src/model/listing.ts';
import type { Service, SourceObject } from '../../../../src/model/objects.ts';
import type { LedgerState } from '../../../../src/model/ports.ts';
import type { Port } from '../../../../src/model/port.ts';
import type { Change } from '../../../../src/model/snapshot.ts';
import { Pipeline } from '../../../../src/pipeline/pipeline.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';

function toService(namespace: string, name: string, annotations: Record<string, string>): Service {
  const ref = { source: 'prod', kind: 'Service', namespace, name } as const;
  return {
    kind: 'Service',
    meta: { ref, created: '2026-01-01T00:00:00Z', annotations },
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    headless: false,
    hasSelector: true,
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  };
}

function toChange(object: SourceObject): Change {
  return { kind: 'set', object };
}

const env = {
  FAIRLEAD_FLEETS_0_PORTS_TCP_RANGE: '20000-20009',
  FAIRLEAD_FLEETS_0_PORTS_REQUESTABLE: '20005-20009',
};

/** A pipeline with its lists. `update` is what a control plane does at each rebuild. */
function open() {
  const settings = loadSettings({ env, cwd: process.cwd(), directories: ['.'] });
  const sources = settings.sources.map((source) => ({ ...source, name: 'prod' }));
  const pipeline = new Pipeline({ ...settings, sources });
  const inspection = inspect({
    pipeline,
    fleets: () => settings.fleets,
    banks: () => new Map(),
    problems: () => pipeline.problems(),
    sources: () => [],
    now: () => Date.parse('2026-01-02T00:00:00Z'),
  });
  const fleets = (): typeof settings.fleets => settings.fleets;
  const listing = new LiveListing({ pipeline, inspection, fleets, banks: () => new Map() });
  const update = (objects: readonly SourceObject[], ledger?: LedgerState): void =>
    listing.changed(pipeline.update(objects.map(toChange), ledger).units);
  const find = async (text: string, more: Partial<Query> = {}): Promise<readonly string[]> => {
    const { rows } = await listing.routes({ sight: seesAll, text, offset: 0, limit: 100, ...more });
    return rows.map(({ object }) => object);
  };
  return { pipeline, listing, update, find };
}

const web = (namespace: string, name: string, more: Record<string, string> = {}): Service =>
  toService(namespace, name, { 'fairlead.dev/host': `${name}.${namespace}.example.com`, ...more });
const onlyShop: Sight = {
  key: 'shop',
  sees: (namespace) => namespace === 'shop',
  hide: (text) => text.replaceAll('secret', 'another'),
};

test('routes are found by host, namespace, Service and any other word, in order of namespace and name', async () => {
  const { update, find } = open();
  update([web('shop', 'web'), web('shop', 'basket'), web('bank', 'web')]);
  expect(await find('')).toEqual(['Service/bank/web', 'Service/shop/basket', 'Service/shop/web']);
  expect(await find('ns:shop')).toEqual(['Service/shop/basket', 'Service/shop/web']);
  expect(await find('host:web.')).toEqual(['Service/bank/web', 'Service/shop/web']);
  expect(await find('service:basket')).toEqual(['Service/shop/basket']);
  expect(await find('WEB. ns:shop')).toEqual(['Service/shop/web']);
  expect(await find('nowhere')).toEqual([]);
});

test('a part of a list knows how long the whole is', async () => {
  const { update, listing } = open();
  update(Array.from({ length: 30 }, (_, index) => web('shop', `web-${String(index).padStart(2, '0')}`)));
  const page = await listing.routes({ sight: seesAll, text: '', offset: 10, limit: 5 });
  expect(page.total).toBe(30);
  expect(page.rows.map(({ object }) => object)).toEqual(
    ['10', '11', '12', '13', '14'].map((each) => `Service/shop/web-${each}`),
  );
  const beyond = await listing.routes({ sight: seesAll, text: '', offset: 100, limit: 5 });
  expect(beyond).toEqual({ total: 30, rows: [] });
});

test('what comes, changes and goes after the first look is in the next one', async () => {
  const { update, find, pipeline, listing } = open();
  update([web('shop', 'web')]);
  expect(await find('')).toEqual(['Service/shop/web']);
  update([web('shop', 'new'), toService('shop', 'web', { 'fairlead.dev/host': 'other.example.com' })]);
  expect(await find('')).toEqual(['Service/shop/new', 'Service/shop/web']);
  expect(await find('host:other')).toEqual(['Service/shop/web']);
  expect(await find('host:web.')).toEqual([]);
  const gone = web('shop', 'new').meta.ref;
  listing.changed(pipeline.update([{ kind: 'delete', ref: gone }]).units);
  expect(await find('')).toEqual(['Service/shop/web']);
});

test('each sees only what is theirs, and finds nothing by what is hidden', async () => {
  const { update, find, listing } = open();
  update([web('shop', 'web', { 'fairlead.dev/max-fails': 'secret' }), web('bank', 'web')]);
  expect(await find('', { sight: onlyShop })).toEqual(['Service/shop/web']);
  expect(await find('')).toHaveLength(2);
  const query = { offset: 0, limit: 10 };
  const all = await listing.problems({ ...query, text: 'secret', sight: seesAll });
  expect(all.rows.map(({ message }) => message)).toEqual([expect.stringContaining('"secret"')]);
  expect((await listing.problems({ ...query, text: 'secret', sight: onlyShop })).total).toBe(0);
  const own = await listing.problems({ ...query, text: 'max-fails', sight: onlyShop });
  expect(own.rows.map(({ message }) => message)).toEqual([expect.stringContaining('"another"')]);
  const nobody: Sight = { ...onlyShop, key: 'nobody', sees: () => false };
  expect(listing.countProblems(nobody)).toEqual([]);
  expect(listing.countProblems(onlyShop)).toContainEqual({
    code: 'annotation-invalid',
    severity: 'error',
    count: 1,
  });
});

test('a route has the problems of its object, counted', async () => {
  const { update, listing } = open();
  update([web('shop', 'web', { 'fairlead.dev/max-fails': 'two' }), web('shop', 'well')]);
  const { rows } = await listing.routes({ sight: seesAll, text: '', offset: 0, limit: 10 });
  expect(rows.map(({ object, problems }) => [object, problems.error])).toEqual([
    ['Service/shop/web', 1],
    ['Service/shop/well', 0],
  ]);
});

test('more than a few who look at once are refused, and nobody for long', async () => {
  const { update, find } = open();
  update([web('shop', 'web')]);
  const results = await Promise.allSettled(Array.from({ length: 80 }, () => find('')));
  const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  expect(refused.length).toBe(30);
  expect(refused[0]).toBeInstanceOf(BusyError);
  expect(await find('')).toEqual(['Service/shop/web']);
});

const base = { fleet: 'default', pool: 'default', protocols: ['tcp'], servicePort: 3306 } as const;
const toHolder = (namespace: string, name: string) => ({ source: 'prod', kind: 'Service', namespace, name });
const ledger: LedgerState = {
  entries: [
    {
      ...base,
      state: 'held',
      port: 20_001 as Port,
      holder: toHolder('shop', 'db'),
      since: '2026-01-01T00:00:00Z',
    },
    {
      ...base,
      state: 'cooling',
      port: 20_003 as Port,
      holder: toHolder('bank', 'db'),
      freed: '2026-01-01T23:59:00Z',
    },
  ],
  history: [
    {
      ...base,
      port: 20_001 as Port,
      holder: toHolder('shop', 'old'),
      since: '2025-01-01T00:00:00Z',
      until: '2025-06-01T00:00:00Z',
    },
  ],
};
const tcp = { fleet: 'default', pool: 'default', protocol: 'tcp' } as const;

test('the map of a pool has a letter for each port; those of others are no more than taken', () => {
  const { update, listing } = open();
  update([], ledger);
  const map = listing.poolMap(tcp, seesAll);
  expect(map?.states).toBe('fhfcffffff');
  expect(map?.requestable).toEqual({ from: 20_005, to: 20_009 });
  expect(listing.poolMap(tcp, onlyShop)?.states).toBe('fhfoffffff');
  expect(listing.poolMap({ ...tcp, pool: 'games' }, seesAll)).toBeUndefined();
});

test('a port knows who has it, who had it, and who wants it', () => {
  const { update, listing } = open();
  const asks = toService('shop', 'wants', {
    'fairlead.dev/expose': 'true',
    'fairlead.dev/request-port.80': '20006',
  });
  update([asks], ledger);
  expect(listing.portStory(tcp, 20_001, seesAll)).toMatchObject({
    state: 'h',
    bank: 0,
    rows: [{ holder: 'Service/shop/db', state: 'held' }],
    history: [{ holder: 'Service/shop/old' }],
    wantedBy: [],
  });
  expect(listing.portStory(tcp, 20_006, seesAll)).toMatchObject({
    state: 'f',
    rows: [],
    wantedBy: ['Service/shop/wants'],
  });
  expect(listing.portStory(tcp, 20_003, onlyShop)).toMatchObject({ state: 'o', rows: [] });
  expect(listing.portStory(tcp, 30_000, seesAll)).toBeUndefined();
  expect(listing.portStory(tcp, Number.NaN, seesAll)).toBeUndefined();
});

test('ports are found by number, holder and state', async () => {
  const { update, listing } = open();
  update([], ledger);
  const find = async (text: string, sight = seesAll): Promise<readonly number[]> =>
    (await listing.ports({ sight, text, offset: 0, limit: 10 })).rows.map(({ port }) => port);
  expect(await find('')).toEqual([20_001, 20_003]);
  expect(await find('port:20003')).toEqual([20_003]);
  expect(await find('ns:shop')).toEqual([20_001]);
  expect(await find('cooling')).toEqual([20_003]);
  expect(await find('', onlyShop)).toEqual([20_001]);
});
