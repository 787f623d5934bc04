import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { SerialQueue } from '../../../src/lib/serial-queue.ts';
import { SerialWorker } from '../../../src/lib/serial-worker.ts';

/** What happens, one after the other: so many microtasks pass, somebody asks, or the run that is under way ends. */
type Step =
  | { readonly kind: 'ask' }
  | { readonly kind: 'fail' | 'pass' }
  | { readonly kind: 'wait'; readonly microtasks: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ kind: 'ask' as const }),
  fc.constantFrom({ kind: 'pass' as const }, { kind: 'pass' as const }, { kind: 'fail' as const }),
  fc.nat(8).map((microtasks) => ({ kind: 'wait' as const, microtasks })),
);

async function pass(microtasks: number): Promise<void> {
  for (let count = 0; count < microtasks; count += 1) await Promise.resolve();
}

/** A worker whose runs end when they are reported to. */
class Workshop {
  /** The runs in order: the time of each beginning, by a clock that counts what happens. */
  readonly begun: number[] = [];
  readonly worker = new SerialWorker(() => this.#run());
  clock = 0;
  atOnce = 0;
  #end: ((failure?: Error) => void) | undefined;

  /** Whether there was a run to end. */
  end(kind: 'fail' | 'pass'): boolean {
    const end = this.#end;
    this.#end = undefined;
    end?.(kind === 'fail' ? new Error('failed') : undefined);
    return end !== undefined;
  }

  async #run(): Promise<void> {
    this.begun.push(++this.clock);
    this.atOnce += 1;
    if (this.atOnce > 1) throw new Error('two at a time');
    const failure = await new Promise<Error | undefined>((resolve) => (this.#end = resolve));
    this.atOnce -= 1;
    if (failure !== undefined) throw failure;
  }
}

interface Asked {
  readonly at: number;
  /** How many runs had begun when it was answered. */
  answer: { readonly begun: number; readonly failed: boolean } | undefined;
}

function ask(shop: Workshop): Asked {
  const asked: Asked = { at: ++shop.clock, answer: undefined };
  const note = (failed: boolean) => (): void => {
    asked.answer = { begun: shop.begun.length, failed };
  };
  shop.worker.request().then(note(false), note(true));
  return asked;
}

/** Lets everything end that has been asked for. */
async function finish(shop: Workshop): Promise<void> {
  do await pass(20);
  while (shop.end('pass'));
}

it('whatever the moments, each request is answered by a run that began after it, and none runs beside another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const shop = new Workshop();
      const asked: Asked[] = [];
      for (const each of steps) {
        if (each.kind === 'ask') asked.push(ask(shop));
        else if (each.kind === 'wait') await pass(each.microtasks);
        else shop.end(each.kind);
        expect(shop.atOnce).toBeLessThanOrEqual(1);
      }
      await finish(shop);
      for (const { at, answer } of asked) {
        expect(answer).toBeDefined();
        // The run that answers it is the last that had begun by then, or one before, but none before the request.
        expect(shop.begun.slice(0, answer?.begun).some((begun) => begun > at)).toBe(true);
      }
      // One for all who ask before it begins.
      expect(shop.begun.length).toBeLessThanOrEqual(asked.length);
    }),
    { numRuns: 2_000 },
  );
});

it('a request in whatever microtask after the end of a run is carried out', async () => {
  for (let microtasks = 0; microtasks < 12; microtasks += 1) {
    const shop = new Workshop();
    const first = shop.worker.request();
    await pass(5);
    shop.end('pass');
    await pass(microtasks);
    const asked = ask(shop);
    await finish(shop);
    await first;
    expect({ microtasks, runs: shop.begun.length }).toEqual({ microtasks, runs: 2 });
    expect(asked.answer?.failed).toBe(false);
  }
});

it('who asks while it runs shares the next run', async () => {
  const shop = new Workshop();
  ask(shop);
  await pass(5);
  const others = [ask(shop), ask(shop), ask(shop)];
  await finish(shop);
  expect(shop.begun).toHaveLength(2);
  expect(others.every(({ answer }) => answer?.failed === false)).toBe(true);
});

it('work may ask for itself, and says when it fails', async () => {
  let left = 3;
  const worker: SerialWorker = new SerialWorker(() => {
    left -= 1;
    if (left > 0) worker.request().catch(() => undefined);
    return left === 0 ? Promise.reject(new Error('the last')) : Promise.resolve();
  });
  await worker.request();
  await worker.request().catch(() => undefined);
  await worker.request().catch(() => undefined);
  expect(left).toBeLessThanOrEqual(0);
  left = 1;
  await expect(worker.request()).rejects.toThrow('the last');
});

it('the earliest plan counts, and a run that begins drops it', async () => {
  let runs = 0;
  const worker = new SerialWorker(() => {
    runs += 1;
    return Promise.resolve();
  });
  worker.requestWithin(50_000);
  worker.requestWithin(1);
  worker.requestWithin(60_000);
  await sleep(30);
  expect(runs).toBe(1);
  worker.requestWithin(20);
  await worker.request();
  await sleep(60);
  expect(runs).toBe(2);
});

it('stop waits for the run that is under way, and no other begins', async () => {
  const shop = new Workshop();
  ask(shop);
  await pass(5);
  const waiting = ask(shop);
  shop.worker.requestWithin(1);
  let stopped = false;
  const stop = shop.worker.stop().then(() => (stopped = true));
  await sleep(20);
  expect(stopped).toBe(false);
  shop.end('pass');
  await stop;
  await shop.worker.request();
  shop.worker.requestWithin(0);
  await sleep(10);
  expect(shop.begun).toHaveLength(1);
  expect(waiting.answer?.failed).toBe(false);
});

it('a queue keeps the order, and goes on after a failure', async () => {
  const queue = new SerialQueue();
  const done: number[] = [];
  const results = await Promise.allSettled(
    [30, 0, 10].map((milliseconds, index) =>
      queue.run(async () => {
        await sleep(milliseconds);
        done.push(index);
        if (index === 1) throw new Error('the second');
        return index;
      }),
    ),
  );
  await queue.idle();
  expect(done).toEqual([0, 1, 2]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
