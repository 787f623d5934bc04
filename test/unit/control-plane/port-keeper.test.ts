import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import {
  PortKeeper,
  type PortKeeperOptions,
  type Restored,
  type SharedLedger,
} from '../../../src/control-plane/port-keeper.ts';
import type { Port } from '../../../src/model/port.ts';
import { emptyLedger, type LedgerState, type PortClaim } from '../../../src/model/ports.ts';
import { createMemoryLedger } from '../../../src/ports/ledger/memory.ts';
import {
  LedgerDamagedError,
  LedgerUnavailableError,
  type LedgerSnapshot,
} from '../../../src/ports/ledger/ledger.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';

const { fleets } = loadSettings({ env: {}, cwd: '/', directories: ['/'] });

function claim(name: string): PortClaim {
  const holder = { source: 's', kind: 'Service', namespace: 'n', name };
  return { fleet: 'default', pools: ['default'], holder, servicePort: 3306, protocols: ['tcp'], field: '' };
}

function heldBy(state: LedgerState | undefined): string[] {
  return (state?.entries ?? []).filter((entry) => entry.state === 'held').map((entry) => entry.holder.name);
}

function portOf(state: LedgerState): Port | undefined {
  return state.entries.find(({ holder }) => holder.name === 'a')?.port;
}

async function keep(ledger: SharedLedger, options: Partial<PortKeeperOptions> = {}): Promise<PortKeeper> {
  const keeper = new PortKeeper({
    ledger,
    fleets,
    log: pino({ level: 'silent' }),
    claims: () => [claim('a')],
    keep: () => false,
    mayWrite: () => true,
    restore: () => ({ ledger: emptyLedger, isWhole: true }),
    committed: () => undefined,
    changed: () => undefined,
    ...options,
  });
  await keeper.start();
  return keeper;
}

test('what is claimed is held once it is durable', async () => {
  const ledger = createMemoryLedger();
  const keeper = await keep(ledger);
  expect(heldBy(keeper.state)).toEqual([]);
  await keeper.settle();
  expect(heldBy(keeper.state)).toEqual(['a']);
  expect(heldBy((await ledger.read()).state)).toEqual(['a']);
});

test('a follower decides nothing, and says all the same what cannot be met', async () => {
  const ledger = createMemoryLedger();
  const many = Array.from({ length: 200 }, (_, index) => claim(`s${index}`));
  const keeper = await keep(ledger, { mayWrite: () => false, claims: () => many });
  await keeper.settle();
  expect((await ledger.read()).state).toEqual(emptyLedger);
  expect(keeper.problems.every(({ code }) => code === 'pool-exhausted')).toBe(true);
  expect(keeper.problems.length).toBeGreaterThan(0);
});

test('when somebody else has written, everything is decided anew on what they wrote', async () => {
  const ledger = createMemoryLedger();
  const keeper = await keep(ledger);
  const other = await keep(ledger, { claims: () => [claim('a'), claim('b')] });
  await other.settle();
  const theirs = (await ledger.read()).state;
  await keeper.settle();
  const now = (await ledger.read()).state;
  expect(heldBy(now)).toEqual(['a']);
  expect(portOf(now)).toBe(portOf(theirs));
});

test('a lost ledger is made anew of what is known, and not before all is known', async () => {
  const ledger = createMemoryLedger();
  const known: LedgerState = {
    entries: [
      {
        fleet: 'default',
        pool: 'default',
        port: 20_042 as Port,
        protocols: ['tcp'],
        servicePort: 3306,
        holder: claim('a').holder,
        state: 'held',
        since: '2026-01-01T00:00:00Z',
      },
    ],
  };
  let whole = false;
  const restore = (): Restored => ({ ledger: known, isWhole: whole });
  const follower = await keep(ledger, { restore, mayWrite: () => false });
  const keeper = await keep(ledger, { restore });
  await keeper.settle();
  expect(keeper.state).toEqual(emptyLedger);
  expect(keeper.isRestoring).toBe(true);
  whole = true;
  await follower.settle();
  expect(follower.isRestoring).toBe(true);
  await keeper.settle();
  expect(keeper.state).toEqual(known);
  expect(keeper.isRestoring).toBe(false);
});

test.each([true, false])('an empty ledger of which no object tells is not waited for', async (isWhole) => {
  const restore = (): Restored => ({ ledger: emptyLedger, isWhole });
  const keeper = await keep(createMemoryLedger(), { restore, claims: () => [], mayWrite: () => false });
  await keeper.settle();
  expect(keeper.isRestoring).toBe(false);
});

test('a shared ledger that cannot be read at the start is served as it is remembered, until it can', async () => {
  const memory = createMemoryLedger();
  await (await keep(memory)).settle();
  const { state } = await memory.read();
  let away = true;
  const tellers: ((snapshot: LedgerSnapshot) => void)[] = [];
  const ledger: SharedLedger = {
    location: 'a cluster',
    read: () => (away ? Promise.reject(new LedgerUnavailableError('away')) : memory.read()),
    commit: (...args) => memory.commit(...args),
    close: () => Promise.resolve(),
    recall: () => Promise.resolve(state),
    watch: (changed) => {
      tellers.push(changed);
      return () => Promise.resolve();
    },
  };
  const keeper = await keep(ledger);
  expect(heldBy(keeper.state)).toEqual(['a']);
  away = false;
  for (const tell of tellers) tell({ state: emptyLedger, version: 'other' });
  expect(keeper.state).toEqual(emptyLedger);
  await keeper.stop();
});

test('a ledger that could not be read at the start is reported of once it can, though nothing in it changes', async () => {
  const memory = createMemoryLedger();
  await (await keep(memory)).settle();
  let away = true;
  const ledger: SharedLedger = {
    location: 'a cluster',
    read: () => (away ? Promise.reject(new LedgerUnavailableError('away')) : memory.read()),
    commit: (...args) => memory.commit(...args),
    close: () => Promise.resolve(),
    watch: () => () => Promise.resolve(),
  };
  let told = 0;
  const keeper = await keep(ledger, { changed: () => (told += 1) });
  await keeper.settle();
  expect(keeper.state).toBeUndefined();
  expect(keeper.problems.map(({ code }) => code)).toEqual(['ledger-unavailable']);
  const before = told;
  away = false;
  await keeper.settle();
  expect(heldBy(keeper.state)).toEqual(['a']);
  expect(told).toBeGreaterThan(before);
  expect(keeper.problems).toEqual([]);
  await keeper.stop();
});

test('a ledger that was damaged is asked again ever more rarely, and told of once', async () => {
  const memory = createMemoryLedger();
  let reads = 0;
  let damaged = true;
  const ledger: SharedLedger = {
    location: 'a cluster',
    read: () => {
      reads += 1;
      return damaged && reads > 1 ? Promise.reject(new LedgerDamagedError('Two holders')) : memory.read();
    },
    commit: (...args) => (damaged ? Promise.resolve({ kind: 'conflict' }) : memory.commit(...args)),
    close: () => Promise.resolve(),
  };
  let told = 0;
  const keeper = await keep(ledger, { changed: () => (told += 1) });
  await keeper.settle();
  await sleep(1_200);
  expect(reads).toBeLessThanOrEqual(4);
  expect(told).toBe(1);
  expect(keeper.problems.map(({ code, message }) => ({ code, message }))).toEqual([
    { code: 'ledger-unavailable', message: 'Two holders' },
  ]);
  damaged = false;
  await keeper.settle();
  expect(heldBy(keeper.state)).toEqual(['a']);
  expect(keeper.problems).toEqual([]);
  await keeper.stop();
});

test('a follower says, too, that the ledger cannot be read, until it can', async () => {
  const memory = createMemoryLedger();
  await (await keep(memory)).settle();
  let away = false;
  const failures: ((error: unknown) => void)[] = [];
  const ledger: SharedLedger = {
    location: 'a cluster',
    read: () => (away ? Promise.reject(new LedgerUnavailableError('away')) : memory.read()),
    commit: (...args) => memory.commit(...args),
    close: () => Promise.resolve(),
    watch: (_changed, failed) => {
      failures.push(failed);
      return () => Promise.resolve();
    },
  };
  const keeper = await keep(ledger, { mayWrite: () => false });
  await keeper.settle();
  away = true;
  for (const fail of failures) fail(new LedgerUnavailableError('away'));
  await keeper.settle();
  expect(keeper.problems.map(({ code }) => code)).toEqual(['ledger-unavailable']);
  away = false;
  await keeper.settle();
  expect(keeper.problems).toEqual([]);
  expect(heldBy(keeper.state)).toEqual(['a']);
  await keeper.stop();
});
