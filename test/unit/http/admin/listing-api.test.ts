import { expect, onTestFinished, test } from 'vitest';
import { createBaseApp, addFallbacks } from '../../../../src/http/base-app.ts';
import { addListingApi } from '../../../../src/http/admin/listing-api.ts';
import { requireAccess } from '../../../../src/http/admin/require-access.ts';
import { startListener } from '../../../../src/http/listener.ts';
import { BusyError } from '../../../../src/model/listing.ts';
import { toProblem } from '../../../../src/model/problem.ts';
import { ask, createLog, MemoryInspection, MemoryListing, openAccess } from '../support.ts';

const service = { source: 'prod', kind: 'Service', namespace: 'rds', name: 'orders' };

const counts = { total: 100, open: 100, held: 0, cooling: 0, free: 100 };
const name = { fleet: 'default', pool: 'default', protocol: 'tcp' } as const;
const pool = { ...name, range: '20000-20099', requestable: null, ...counts };

async function start() {
  const listing = new MemoryListing();
  const inspection = new MemoryInspection();
  inspection.report = { ...inspection.report, pools: [pool] };
  const { log, lines } = createLog();
  const app = createBaseApp();
  const access = openAccess();
  app.use(requireAccess(() => access, log));
  addListingApi(app, { listing, inspection, fleets: [] });
  addFallbacks(app, log);
  const address = { host: '127.0.0.1', port: 0 };
  const listener = await startListener({ handler: app, drain: () => {} }, address, { setting: 'x', log });
  onTestFinished(() => listener.stop(0));
  const read = async (path: string): Promise<{ status: number; body: unknown }> => {
    const { status, body } = await ask(listener.address.port, path);
    return { status, body: JSON.parse(body.toString()) as unknown };
  };
  return { listing, lines, read };
}

test('a list is asked for in parts, by its words', async () => {
  const { listing, read } = await start();
  listing.routePage = { total: 812, rows: [] };
  expect(await read('/api/search/routes?q=shop%20ns:a&offset=100&limit=20')).toEqual({
    status: 200,
    body: { total: 812, rows: [] },
  });
  await read('/api/search/ports');
  const sight = expect.objectContaining({ key: '"all"' }) as unknown;
  expect(listing.queries).toEqual([
    { text: 'shop ns:a', offset: 100, limit: 20, sight },
    { text: '', offset: 0, limit: 50, sight },
  ]);
});

test('problems are asked for by code and severity too', async () => {
  const { listing, read } = await start();
  const details = { message: 'It has no port 99', hint: 'Name one it has.' };
  listing.problemPage = { total: 1, rows: [toProblem('port-unknown', service, details)] };
  const { body } = await read('/api/search/problems?code=port-unknown,port-pending&severity=error');
  expect(body).toMatchObject({ total: 1, rows: [{ object: 'Service/rds/orders', code: 'port-unknown' }] });
  const [query] = listing.queries;
  expect([...(query?.codes ?? [])]).toEqual(['port-unknown', 'port-pending']);
  expect(query?.severity).toBe('error');
});

test.each([
  ['limit=0', 'limit is to be a number from 1 to 200'],
  ['limit=201', 'limit is to be a number from 1 to 200'],
  ['offset=-1', 'offset is to be a number from 0 to 10000000'],
  ['offset=1e3', 'offset is to be a number from 0 to 10000000'],
  ['q=a&q=b', 'q may be given once'],
])('%s cannot be asked for', async (query, error) => {
  const { read } = await start();
  expect(await read(`/api/search/routes?${query}`)).toEqual({ status: 400, body: { error } });
});

test('whoever looks while too many do is asked to come again; a defect shows nothing of the inside', async () => {
  const { listing, lines, read } = await start();
  listing.refusal = new BusyError('too many');
  expect(await read('/api/search/routes')).toEqual({ status: 503, body: { error: 'too many' } });
  expect(lines).toEqual([]);
  listing.refusal = new Error('inside');
  expect(await read('/api/search/routes')).toEqual({ status: 500, body: { error: 'internal error' } });
  expect(lines).toHaveLength(1);
});

test('a pool and one port of it; what is not there is 404', async () => {
  const { listing, read } = await start();
  const path = '/api/pools/default/default/tcp';
  expect((await read(path)).status).toBe(404);
  expect((await read('/api/pools/default/default/sctp')).status).toBe(404);
  listing.story = { port: 20_000 as never, state: 'f', bank: 0, rows: [], history: [], wantedBy: [] };
  expect((await read(`${path}/20000`)).body).toMatchObject({ state: 'f', bank: 0 });
  expect((await read(`${path}/99`)).status).toBe(404);
  expect((await read(`${path}/x`)).status).toBe(404);
});
