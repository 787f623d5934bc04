import { createServer, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { HealthKeeper } from '../../../src/control-plane/health-keeper.ts';
import { createMemoryBoard, type HealthBoard } from '../../../src/health/board.ts';
import type { FailingEndpoints } from '../../../src/model/health.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { toCheck } from '../health/checks.ts';

const limits = { workers: 4, perNamespace: 50, total: 100 };
const key = toObjectKey(toCheck('n/game', '').service);

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function start(options: { board?: HealthBoard; leads?: boolean } = {}) {
  let leads = options.leads ?? true;
  let changes = 0;
  const keeper = new HealthKeeper({
    limits,
    board: options.board ?? createMemoryBoard(),
    log: pino({ level: 'silent' }),
    mayCheck: () => leads,
    changed: () => (changes += 1),
  });
  await keeper.start();
  onTestFinished(() => keeper.stop());
  return {
    keeper,
    failing: () => keeper.failing.get(key),
    lead: (now: boolean) => {
      leads = now;
      keeper.lead();
    },
    get changes() {
      return changes;
    },
  };
}

/** 127.0.0.1 listens there, 127.0.0.2 does not. */
const toChecks = (port: number) =>
  ['127.0.0.1', '127.0.0.2'].map((address) => toCheck('n/game', address, { port, intervalMs: 20 }));

it('finds the endpoint at which nothing listens', async () => {
  const { keeper, failing } = await start();
  keeper.update(toChecks(await listen()));
  await expect.poll(failing, { timeout: 10_000 }).toEqual(['127.0.0.2']);
  keeper.update([]);
  await expect.poll(failing, { timeout: 10_000 }).toBeUndefined();
});

/** A board that other replicas have too. */
function toShared(said: FailingEndpoints) {
  let now = said;
  const readers: ((failing: FailingEndpoints) => void)[] = [];
  const tell = (failing: FailingEndpoints): void => {
    now = failing;
    for (const reader of readers) reader(failing);
  };
  const writes: FailingEndpoints[] = [];
  const board: HealthBoard = {
    location: 'shared',
    start: (changed) => {
      readers.push(changed);
      changed(now);
      return Promise.resolve();
    },
    write: (failing) => {
      writes.push(failing);
      tell(failing);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
  return { board, tell, writes };
}

it('only says what the board says while it does not lead, and begins from there when it does', async () => {
  const { board, writes } = toShared(new Map([[key, ['127.0.0.1', '127.0.0.2']]]));
  const run = await start({ board, leads: false });
  run.keeper.update(toChecks(await listen()));
  expect(run.failing()).toEqual(['127.0.0.1', '127.0.0.2']);
  run.lead(true);
  await expect.poll(run.failing, { timeout: 10_000 }).toEqual(['127.0.0.2']);
  expect(writes).toEqual([new Map([[key, ['127.0.0.2']]])]);
});

it('does not forget what failed before it knows what there is to check', async () => {
  const { board, writes } = toShared(new Map([[key, ['127.0.0.2']]]));
  const run = await start({ board });
  run.lead(true);
  run.keeper.update(toChecks(await listen()));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(writes).toEqual([]);
  expect(run.failing()).toEqual(['127.0.0.2']);
});

it('puts right what others write while it leads', async () => {
  const { board, tell } = toShared(new Map());
  const run = await start({ board });
  run.keeper.update(toChecks(await listen()));
  await expect.poll(run.failing, { timeout: 10_000 }).toEqual(['127.0.0.2']);
  tell(new Map());
  await expect.poll(run.failing, { timeout: 10_000 }).toEqual(['127.0.0.2']);
});

it('has a problem while the board cannot be written', async () => {
  let broken = true;
  const memory = createMemoryBoard();
  const board: HealthBoard = {
    ...memory,
    write: (failing) => (broken ? Promise.reject(new Error('it is away')) : memory.write(failing)),
  };
  const { keeper, failing } = await start({ board });
  keeper.update(toChecks(await listen()));
  await expect
    .poll(() => keeper.problems, { timeout: 10_000 })
    .toMatchObject([{ code: 'health-check-unwritten', message: expect.stringMatching(/it is away$/) }]);
  expect(failing()).toBeUndefined();
  broken = false;
  await expect.poll(failing, { timeout: 10_000 }).toEqual(['127.0.0.2']);
  expect(keeper.problems).toEqual([]);
});
