import { expect, test } from 'vitest';
import { ServerWatch } from '../../../src/edge/server-watch.ts';
import type { EdgeAnswer } from '../../../src/edge/edge-answer.ts';
import type { EdgeOutcome } from '../../../src/edge/edge-client.ts';
import { createLog } from '../http/support.ts';

const answer: EdgeAnswer = {
  fleet: 'default',
  traefik: '3.7',
  holdMs: 0,
  banks: [{ bank: 0, state: 'open', config: { entryPoints: {}, providers: {} } }],
};

function start(outcomes: EdgeOutcome[] = []) {
  const { log, lines } = createLog();
  const calls: string[] = [];
  const watch = new ServerWatch({
    client: { ask: () => Promise.resolve(outcomes.shift() ?? { kind: 'unchanged' }) },
    server: 'http://f:1',
    log,
    answered: () => Promise.resolve(void calls.push('answered')),
    asked: () => Promise.resolve(void calls.push('asked')),
  });
  return { watch, lines, calls };
}

test('what goes wrong is said when it begins, when it becomes something else, and when it is over', async () => {
  const { watch, lines, calls } = start();
  const away: EdgeOutcome = { kind: 'away', why: 'ECONNREFUSED' };
  const refused: EdgeOutcome = { kind: 'refused', why: 'the token' };
  const outcomes: EdgeOutcome[] = [away, away, refused, refused, { kind: 'answer', answer }];
  for (const outcome of [...outcomes, { kind: 'unchanged' } as const]) await watch.take(outcome);
  expect(lines.map(({ msg, why }) => [msg, why])).toEqual([
    ['Fairlead does not answer; what runs goes on running', 'ECONNREFUSED'],
    ['Fairlead does not answer; what runs goes on running', 'the token'],
    ['Fairlead answers again', undefined],
  ]);
  expect(calls).toEqual(['asked', 'asked', 'asked', 'asked', 'answered', 'asked', 'asked']);
});

test('hosts do not ask at the same time, and ask less and less of a server that is away', async () => {
  const { watch } = start();
  const well = new Set<number>();
  for (let turn = 0; turn < 20; turn += 1) well.add(await watch.take({ kind: 'unchanged' }));
  expect(well.size).toBeGreaterThan(10);
  expect(Math.max(...well)).toBeLessThan(1_500);
  const waits: number[] = [];
  for (let turn = 0; turn < 10; turn += 1) waits.push(await watch.take({ kind: 'away', why: '' }));
  expect(waits[0]).toBe(1_000);
  expect(waits.at(-1)).toBeGreaterThan(10_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
});

test('it asks until it is told to stop, and at once when it is hurried', async () => {
  const { watch, calls } = start([{ kind: 'answer', answer }]);
  const stop = new AbortController();
  const running = watch.run(3_600_000, stop.signal);
  watch.hurry();
  await expect.poll(() => calls).toEqual(['answered', 'asked']);
  stop.abort();
  await running;
});
