import { expect, test } from 'vitest';
import { Pollers } from '../../../../src/http/provider/pollers.ts';
import { MemoryPublished } from '../support.ts';

const poll = {
  address: '10.0.0.1',
  userAgent: 'Go-http-client/1.1',
  fleet: 'default',
  bank: 0,
  host: 'edge-1',
  status: 200,
};

test('a poller keeps its last revision, and is current when that is the published one', () => {
  const published = new MemoryPublished();
  const { revision } = published.publish('{"a":1}');
  let now = new Date('2026-01-01T00:00:00Z');
  const pollers = new Pollers(10, () => now);
  pollers.record({ ...poll, revision });
  now = new Date('2026-01-01T00:00:05Z');
  pollers.record({ ...poll, status: 499 });
  expect(pollers.rows(published)).toEqual([
    {
      ...poll,
      status: 499,
      revision,
      current: true,
      polls: 2,
      firstSeen: '2026-01-01T00:00:00.000Z',
      lastSeen: '2026-01-01T00:00:05.000Z',
    },
  ]);
  published.publish('{"a":2}');
  expect(pollers.rows(published)).toMatchObject([{ revision, current: false }]);
});

test('one that was never sent a revision is not current', () => {
  const pollers = new Pollers();
  pollers.record({ ...poll, status: 503 });
  expect(pollers.rows(new MemoryPublished())).toMatchObject([
    { revision: null, current: false, status: 503 },
  ]);
});

test('address, user agent and fleet tell pollers apart', () => {
  const pollers = new Pollers();
  for (const difference of [{}, { address: '10.0.0.2' }, { userAgent: 'curl' }, { fleet: 'inner' }]) {
    pollers.record({ ...poll, ...difference });
  }
  expect(pollers.rows(new MemoryPublished())).toHaveLength(4);
});

test('beyond the limit the one not seen for longest is forgotten', () => {
  const pollers = new Pollers(2);
  for (const address of ['a', 'b', 'a', 'c']) pollers.record({ ...poll, address });
  expect(pollers.rows(new MemoryPublished()).map((row) => row.address)).toEqual(['c', 'a']);
});

test('a user agent without end does not fill memory', () => {
  const pollers = new Pollers();
  pollers.record({ ...poll, userAgent: 'x'.repeat(10_000) });
  expect(pollers.rows(new MemoryPublished())[0]?.userAgent).toHaveLength(200);
});
