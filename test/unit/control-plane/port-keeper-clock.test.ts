import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PortKeeper } from '../../../src/control-plane/port-keeper.ts';
import { emptyLedger, type PortClaim } from '../../../src/model/ports.ts';
import { toPortReport } from '../../../src/ports/port-report.ts';
import { createMemoryLedger } from '../../../src/ports/ledger/memory.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import { toClaim, toPool } from '../ports/allocation/notation.ts';

/* A pool of one port, which one Service gives back and another one wants, while somebody sets the clock. */

const hour = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026) });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Resolves when nobody holds the port any more, and `b` wants it. */
async function giveBack(cooldownMs: number) {
  const settings = loadSettings({ env: {}, cwd: '/', directories: ['/'] });
  const fleets = settings.fleets.map((fleet) => ({
    ...fleet,
    pools: [toPool({ tcp: '100-100', cooldownMs })],
  }));
  let claims: readonly PortClaim[] = [toClaim('a:80 tcp')];
  const keeper = new PortKeeper({
    ledger: createMemoryLedger(),
    fleets,
    log: pino({ level: 'silent' }),
    claims: () => claims,
    keep: () => false,
    mayWrite: () => true,
    restore: () => ({ ledger: emptyLedger, isWhole: true }),
    committed: () => undefined,
    changed: () => undefined,
  });
  await keeper.start();
  await keeper.settle();
  claims = [];
  await keeper.settle();
  claims = [toClaim('b:80 tcp')];
  const readEntry = () => {
    const [entry] = keeper.state?.entries ?? [];
    return entry === undefined ? '' : `${entry.holder.name} ${entry.state}`;
  };
  return { keeper, readEntry, fleets };
}

function setClock(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

test('a clock that is put forward by an hour does not', async () => {
  const { keeper, readEntry, fleets } = await giveBack(600_000);
  setClock(hour);
  await keeper.settle();
  expect(readEntry()).toBe('a cooling');
  expect(keeper.problems.map(({ code }) => code)).toEqual(['pool-exhausted']);
  // And it is not shown as free either.
  const time = { now: Date.now(), lag: keeper.clockLag };
  const { ports } = toPortReport(keeper.state ?? emptyLedger, fleets, [], time);
  expect(ports.map(({ state }) => state)).toEqual(['cooling']);
  await keeper.stop();
});

test('nor one that is put back, and forward again', async () => {
  const { keeper, readEntry } = await giveBack(600_000);
  setClock(-hour);
  await keeper.settle();
  setClock(hour);
  await keeper.settle();
  expect(readEntry()).toBe('a cooling');
  await keeper.stop();
});

test('once the port has cooled down in spite of that, the next one gets it without further ado', async () => {
  const { keeper, readEntry } = await giveBack(300);
  setClock(hour);
  await keeper.settle();
  while (readEntry() !== 'b held') await sleep(20);
  await keeper.stop();
});
