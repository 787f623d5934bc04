import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LedgerState } from '../../../src/model/ports.ts';
import { createMemoryLedger } from '../../../src/ports/ledger/memory.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { startPlane, toDatabase, waitUntilReady } from './start-plane.ts';

type MemoryLedger = ReturnType<typeof createMemoryLedger>;

/** With one port in the pool, which need not rest: nothing but being held keeps it from others. */
function toSettings(source: string, ...retiredSources: readonly string[]) {
  const ports = { tcp: { range: '20000-20000' }, udp: null, requestable: null, cooldown: '0s' };
  const document = toDocument({
    sources: [{ name: source, directory: { path: '.' } }],
    fleets: [{ ports }],
    ledger: { retiredSources },
    provider: { debounce: '1ms' },
  });
  return resolveSettings({ document, env: {}, folder: '/' });
}

/** Runs a Fairlead whose only source has this name until its ports are settled. Returns what it said of absent sources. */
async function run(ledger: MemoryLedger, source: string, ...retired: readonly string[]) {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  const { plane, deliver } = await startPlane(toSettings(source, ...retired), ledger, { log });
  deliver(toDatabase(source));
  await waitUntilReady(plane);
  // More rebuilds, each with news.
  for (const name of ['other', 'third']) {
    deliver(toDatabase(source, name));
    await expect.poll(() => plane.inspection.problems().map(({ subject }) => subject.name)).toContain(name);
  }
  const codes = plane.inspection.problems().map(({ code }) => code);
  await plane.stop();
  return { codes, warnings: lines.filter((line) => line.includes('source-absent')) };
}

const holdersOf = ({ entries }: LedgerState): readonly string[] =>
  entries.map(({ port, state, holder }) => `${port} ${state} ${holder.source}/${holder.name}`);

async function startWith(ledger: MemoryLedger): Promise<LedgerState> {
  await run(ledger, 'vms');
  const { state } = await ledger.read();
  expect(holdersOf(state)).toEqual(['20000 held vms/db']);
  return state;
}

test('a source whose name was mistyped has its ports again when the name is mended, however late', async () => {
  const ledger = createMemoryLedger();
  const state = await startWith(ledger);
  const { codes } = await run(ledger, 'vsm');
  expect(codes).toContain('source-absent');
  expect(codes).toContain('pool-exhausted');
  expect((await ledger.read()).state).toEqual(state);
  expect((await run(ledger, 'vms')).codes).not.toContain('source-absent');
  expect((await ledger.read()).state).toEqual(state);
});

test('a source that is not configured is reported of once, in one line that says what to do', async () => {
  const ledger = createMemoryLedger();
  await startWith(ledger);
  const { warnings } = await run(ledger, 'vsm');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /1 pool port for the source vms.*give it the name vms again.*ledger\.retiredSources/,
  );
});

test('the ports of a retired source go to others', async () => {
  const ledger = createMemoryLedger();
  await startWith(ledger);
  const { codes } = await run(ledger, 'new', 'vms');
  expect(codes).not.toContain('source-absent');
  await expect.poll(async () => holdersOf((await ledger.read()).state)).toEqual(['20000 held new/db']);
});
