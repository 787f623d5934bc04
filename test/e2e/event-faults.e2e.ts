import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { findApiServerOrFake } from './support/apiserver.ts';
import type { EventBoard } from './support/event-board.ts';
import {
  empty,
  emptyLine,
  events,
  full,
  fullLine,
  other,
  otherLine,
  EventRecordings,
} from './support/event-recordings.ts';
import { eventually } from './support/eventually.ts';

const program = findApiServerOrFake();

describe('Warnings in a cluster in trouble', () => {
  let world: EventRecordings;
  let board: EventBoard;

  beforeAll(async () => {
    world = await EventRecordings.open(program);
    board = world.board;
  });

  afterAll(() => world.close());
  afterEach(() => world.reset());

  describe('in the end are right', () => {
    it.each([
      ['when the server fails', { status: 500 }],
      ['after a conflict', { status: 409 }],
      ['when the server has too much to do', { status: 429, 'retry-after': 1 }],
      ['after a cut connection', { abort: true }],
      ['after a lost answer', { status: 504, applied: true }],
      ['after a connection cut when it was done', { abort: true, applied: true }],
    ])('%s', async (_what, fault) => {
      const { record } = world.start();
      const fail = (verb: string): Promise<unknown> =>
        world.server.rig('fail', { verb, resource: 'events', ...fault });
      await fail('list');
      await fail('create');
      record(empty, other);
      await board.until(emptyLine, otherLine);
      await fail('delete');
      record(full, other);
      await board.until(fullLine, otherLine);
      await fail('delete');
      record();
      await board.until();
    });

    it('when somebody else has deleted one', async () => {
      const { record } = world.start();
      record(empty, other);
      await board.until(emptyLine, otherLine);
      await world.client.delete(events);
      await board.forget();
      record(other);
      await eventually('it was tried', 5_000, async () => (await board.count('delete')) === 1);
      await sleep(300);
      expect([await board.count('delete'), await board.count('create')]).toEqual([1, 0]);
    });

    it('when it was mended while the answer was on its way', async () => {
      const { record } = world.start();
      await world.server.rig('delay', { ms: 700, count: 1, verb: 'create', resource: 'events' });
      record(empty);
      await eventually('it is there', 5_000, async () => (await board.lines()).length === 1);
      record();
      await board.until();
    });
  });

  it.each(['create', 'list', 'delete'])(
    'are right a while after they may be written again: %s',
    async (verb) => {
      const first = world.start();
      first.record(empty);
      await board.until(emptyLine);
      await first.stop();
      await world.server.rig('fail', { verb, resource: 'events', status: 403, count: 1_000 });
      await board.forget();
      const { record } = world.start({ limits: { retryMs: 4_000 } });
      record(other);
      await eventually('it was tried', 5_000, async () => (await board.count(verb)) > 0);
      await sleep(1_500);
      expect(await board.count(verb)).toBe(1);
      record(other, full);
      await world.server.rig('reset');
      await board.until(otherLine, fullLine);
    },
  );

  it('that the server has forgotten are written again after a while, and only these', async () => {
    const { record } = world.start({ limits: { refreshMs: 1_500 } });
    record(empty, other);
    await board.until(emptyLine, otherLine);
    const seen = await board.read();
    const kept = seen.find(({ regarding }) => regarding.name === 'web');
    const { metadata } = seen.find(({ regarding }) => regarding.name === 'db') ?? {};
    await world.client.delete(`${events}/${metadata?.name}`);
    await board.until(emptyLine, otherLine);
    expect((await board.read()).find(({ regarding }) => regarding.name === 'web')).toEqual(kept);
    await eventually('it looks on', 5_000, async () => (await board.count('list')) > 3);
  });

  it('over which the server fails again and again are tried more and more rarely, and hold up no others', async () => {
    const { record } = world.start({ limits: { retryMs: 2_000 } });
    await world.server.rig('fail', { verb: 'create', resource: 'events', status: 500, count: 1_000 });
    record(empty);
    await sleep(7_000);
    // After a half, one, two, and two seconds.
    expect(await board.count('create')).toBeLessThanOrEqual(5);
    await world.server.rig('reset');
    record(empty, other);
    await board.until(emptyLine, otherLine);
  });
});
