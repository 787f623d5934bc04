// A process to be killed: `commit-in-a-loop FILE [PADDING]` commits ledgers of 1, 2, 3, … entries and says each one that is durable.
import { writeSync } from 'node:fs';

import type { LedgerEntry } from '../../../../src/model/ports.ts';
import { openLedgerFile } from '../../../../src/ports/ledger/file.ts';
import { toPort } from '../allocation/notation.ts';

const [file = '', padding = '0'] = process.argv.slice(2);

function toEntry(index: number): LedgerEntry {
  const name = `service-${index}${'x'.repeat(Number(padding))}`;
  return {
    fleet: 'default',
    pool: 'default',
    port: toPort(20_000 + index),
    protocols: ['tcp'],
    holder: { source: 'vms', kind: 'Service', namespace: 'ns', name },
    servicePort: 80,
    state: 'held',
    since: '2026-01-01T00:00:00.000Z',
  };
}

async function run(): Promise<void> {
  const ledger = await openLedgerFile(file, { readOnly: false });
  let { state, version } = await ledger.read();
  for (;;) {
    const result = await ledger.commit(version, {
      entries: [...state.entries, toEntry(state.entries.length)],
    });
    if (result.kind === 'conflict') throw new Error('nobody else writes here');
    ({ state, version } = result.snapshot);
    writeSync(1, `${state.entries.length}\n`);
  }
}

run().catch((error: unknown) => {
  writeSync(2, error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
