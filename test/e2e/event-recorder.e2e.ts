import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { toProblem } from '../../src/model/problem.ts';
import { planWarnings } from '../../src/write-back/events/plan-warnings.ts';
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
  toProblemOf,
} from './support/event-recordings.ts';
import { eventually } from './support/eventually.ts';
import { slowness } from '../support/slowness.ts';

const program = findApiServerOrFake();

describe('Warnings in a cluster', () => {
  let world: EventRecordings;
  let board: EventBoard;

  beforeAll(async () => {
    world = await EventRecordings.open(program);
    board = world.board;
  });

  afterAll(() => world.close());
  afterEach(() => world.reset());

  describe('are there for as long as the problem is', () => {
    it('and once, however often it is recorded', async () => {
      const { record } = world.start();
      record(empty, other);
      record(other, empty);
      await board.until(emptyLine, otherLine);
      record(empty, other);
      record(other);
      await board.until(otherLine);
      expect([await board.count('create'), await board.count('delete')]).toEqual([2, 1]);
    });

    it('with the words of now, and at the most as often as is allowed', async () => {
      const { record } = world.start({ limits: { changeMs: 4_000 } });
      record(empty);
      await board.until(emptyLine);
      await board.forget();
      const began = performance.now();
      for (let turn = 0; turn < 10; turn += 1) {
        record(toProblemOf('db', `the pool is ${turn}`));
        await sleep(50);
      }
      record(full);
      // What is not true any more goes at once; what is true comes when it may.
      await board.until();
      expect(performance.now() - began).toBeLessThan(3_900);
      await board.until(fullLine);
      expect([await board.count('create'), await board.count('delete')]).toEqual([1, 1]);
    });

    it('with the former words never beside the new ones, though much else is to be deleted before', async () => {
      const many = Array.from({ length: 29 }, (_each, index) => toProblemOf(`a-${index}`, 'it is wrong'));
      const { record } = world.start({ limits: { burst: 32, changeMs: 0 } });
      record(...many, empty);
      await eventually('all are there', 10_000, async () => (await board.read()).length === 30);
      record(full);
      const lines = await eventually('the new words', 5_000, async () => {
        const seen = await board.lines();
        return seen.includes(fullLine) ? seen : undefined;
      });
      expect(lines).not.toContain(emptyLine);
      expect(lines.length).toBeGreaterThan(10);
    });

    it('after a restart: what is true stays, what is mended meanwhile goes', async () => {
      const first = world.start();
      first.record(empty, other);
      await board.until(emptyLine, otherLine);
      await first.stop();
      const kept = (await board.read()).find(({ regarding }) => regarding.name === 'db');
      await board.forget();
      world.start().record(empty);
      await board.until(emptyLine);
      expect(await board.read()).toEqual([kept]);
      expect([await board.count('create'), await board.count('delete')]).toEqual([0, 1]);
    });

    it('after a restart in which the words have changed', async () => {
      const first = world.start();
      first.record(empty);
      await board.until(emptyLine);
      await first.stop();
      world.start().record(full);
      await board.until(fullLine);
    });

    it('when the leadership comes back, though others led meanwhile', async () => {
      const first = world.start();
      first.record(empty);
      await board.until(emptyLine);
      first.leading = false;
      first.recorder.reset();
      const second = world.start();
      second.record(empty, other);
      await board.until(emptyLine, otherLine);
      await second.stop();
      first.leading = true;
      first.recorder.reset();
      first.record(empty);
      await board.until(emptyLine);
    });
  });

  it('of others, and notices, are left alone', async () => {
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingInstance: 'x',
      action: 'Routing',
      note: 'Stays.',
      regarding: { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'db' },
    };
    const metadata = { name: 'foreign', namespace: 'default' };
    const foreign = { ...event, metadata, type: 'Warning', reason: 'Foreign', reportingController: 'x.io/y' };
    await world.client.create(events, foreign);
    const neighbour = world.start({ lease: 'another' });
    neighbour.record(other);
    await board.until('Warning Foreign db: Stays.', otherLine);
    const { record, recorder } = world.start();
    const about = { source: 'prod', kind: 'Service', namespace: 'default', name: 'db' };
    const notice = {
      type: 'Normal',
      reason: 'PortAllocated',
      action: 'Allocating',
      about,
      uid: undefined,
      note: 'It is.',
    } as const;
    recorder.record(new Map(), [notice, notice], new Set(['prod']));
    record(empty);
    const rest = ['Normal PortAllocated db: It is.', 'Warning Foreign db: Stays.', otherLine];
    await board.until(emptyLine, ...rest);
    record();
    await board.until(...rest);
  });

  it('of a source of which not all is known yet are not judged', async () => {
    const first = world.start();
    first.record(empty);
    await board.until(emptyLine);
    await first.stop();
    await board.forget();
    const { recorder, record } = world.start();
    recorder.record(
      planWarnings([other], () => undefined),
      [],
      new Set(),
    );
    await sleep(500);
    expect(await board.lines()).toEqual([emptyLine]);
    expect(await board.count('list')).toBe(1);
    record(other);
    await board.until(otherLine);
  });

  it('are looked at in the namespaces that are configured only', async () => {
    const first = world.start();
    const elsewhere = toProblem(
      'pool-exhausted',
      { ...empty.subject, namespace: 'kube-system' },
      { message: 'the pool is empty', hint: 'Mend it.' },
    );
    first.record(empty, elsewhere);
    await board.until(emptyLine, emptyLine);
    await first.stop();
    world.start({ namespaces: ['default', 'shop'] }).record();
    await board.until(emptyLine);
    expect((await board.read()).map(({ metadata }) => metadata.namespace)).toEqual(['kube-system']);
  });

  it('of a former leader are all found, though they are many', async () => {
    const limits = { burst: 2_000, perSecond: 2_000 };
    const many = Array.from({ length: 1_100 }, (_each, index) => toProblemOf(`db-${index}`, 'it is wrong'));
    const first = world.start({ limits });
    first.record(...many);
    await eventually('all are there', 30_000, async () => (await board.read()).length === 1_100);
    await first.stop();
    await board.forget();
    world.start({ limits }).record(...many.slice(0, 100));
    await eventually('the mended ones are gone', 30_000, async () => (await board.read()).length === 100);
    expect([await board.count('create'), await board.count('delete')]).toEqual([0, 1_000]);
  });

  it('come slowly when they are many, and what is mended goes all the same', async () => {
    const many = Array.from({ length: 200 }, (_each, index) => toProblemOf(`db-${index}`, 'it is wrong'));
    const { record, stop } = world.start();
    record(empty);
    await board.until(emptyLine);
    await board.forget();
    record(empty, ...many);
    await sleep(1_000);
    record(...many);
    await eventually('the mended one is gone', 2_000, async () => !(await board.lines()).includes(emptyLine));
    const count = await board.count('create');
    expect(count).toBeGreaterThanOrEqual(22);
    expect(count).toBeLessThanOrEqual(40);
    const stopping = performance.now();
    await stop();
    expect(performance.now() - stopping).toBeLessThan(500 * slowness());
  });

  it('come and go by the leader only', async () => {
    const follower = world.start();
    follower.leading = false;
    follower.record(other);
    const leader = world.start();
    leader.record(empty);
    await board.until(emptyLine);
    // What a follower is to record is not kept.
    follower.leading = true;
    await sleep(1_300);
    expect(await board.lines()).toEqual([emptyLine]);
  });

  it('wait while it is not certain who leads', async () => {
    const recording = world.start({ limits: { settleMs: 300 } });
    recording.record(empty);
    recording.leading = false;
    await sleep(800);
    expect([await board.count('list'), await board.count('create')]).toEqual([0, 0]);
    recording.leading = true;
    await board.until(emptyLine);
  });
});
