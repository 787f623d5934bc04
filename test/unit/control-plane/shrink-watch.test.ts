import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ShrinkWatch } from '../../../src/control-plane/shrink-watch.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import {
  noNotes,
  type GuardBoard,
  type GuardNote,
  type GuardNotes,
} from '../../../src/source/shrink/guard-board.ts';

/** What all replicas of a test share. */
class Shared {
  notes: GuardNotes = noNotes;
  readonly #listeners = new Set<(notes: GuardNotes) => void>();

  open(): GuardBoard {
    let own: ((notes: GuardNotes) => void) | undefined;
    return {
      start: (changed) => {
        own = changed;
        this.#listeners.add(changed);
        changed(this.notes);
        return Promise.resolve();
      },
      note: (kind, source, text) => {
        this.#put(kind, source, text);
        return Promise.resolve();
      },
      stop: () => {
        if (own !== undefined) this.#listeners.delete(own);
        return Promise.resolve();
      },
    };
  }

  #put(kind: GuardNote, source: string, text: string | null): void {
    const next = new Map(this.notes[kind]);
    if (text === null) next.delete(source);
    else next.set(source, text);
    this.notes = { ...this.notes, [kind]: next };
    for (const listener of this.#listeners) listener(this.notes);
  }
}

async function startReplica(shared: Shared): Promise<ShrinkWatch> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-shrink-'));
  const settings = loadSettings({ env: {}, cwd: folder, directories: [folder] });
  rmSync(folder, { recursive: true });
  const source = settings.sources[0]?.name ?? '';
  const watch = new ShrinkWatch({
    settings: {
      ...settings,
      sources: [{ name: 'prod', required: true, directory: { path: folder, watch: false } }],
    },
    guardBoard: shared.open(),
    log: pino({ level: 'silent' }),
    served: {
      of: () => new Map([['default', 1]]),
      ofSource: (name) => new Map(name === source ? [] : [['default', 100]]),
    },
    isWhole: () => true,
    changed: () => undefined,
  });
  await watch.start();
  onTestFinished(() => watch.stop());
  return watch;
}

const loss = Array.from({ length: 60 }, (_, index): Change => {
  const ref = { source: 'prod', kind: 'Service', namespace: 'shop', name: `s${index}` } as const;
  return { kind: 'delete', ref };
});

it('what is confirmed to one replica is confirmed to all', async () => {
  const shared = new Shared();
  const [one, two] = [await startReplica(shared), await startReplica(shared)];
  expect([one.pass(loss), two.pass(loss)]).toEqual([[], []]);
  expect(await one.confirm()).toEqual(['prod']);
  expect(one.pass([])).toHaveLength(60);
  expect(two.pass([])).toHaveLength(60);
  expect([...one.rows, ...two.rows]).toEqual([]);
});

it('one that starts meanwhile waits until nobody holds anything back, or that is confirmed', async () => {
  const shared = new Shared();
  const one = await startReplica(shared);
  one.pass(loss);
  expect(one.waitingFor).toEqual([]);
  const late = await startReplica(shared);
  expect(late.waitingFor).toEqual([expect.stringContaining('source prod')]);
  await one.confirm('prod');
  one.pass([]);
  expect(late.waitingFor).toEqual([]);
  expect((await startReplica(shared)).waitingFor).toEqual([]);
});

it('what was confirmed before it started is nothing that a replica has seen', async () => {
  const shared = new Shared();
  await (await startReplica(shared)).confirm();
  const later = await startReplica(shared);
  expect(later.pass(loss)).toEqual([]);
  expect(later.rows).toHaveLength(1);
});

it('a board that cannot be written does not keep what is confirmed here', async () => {
  const shared = new Shared();
  const watch = await startReplica(shared);
  watch.pass(loss);
  shared.open = () => ({ ...new Shared().open(), note: () => Promise.reject(new Error('away')) });
  const lone = await startReplica(shared);
  lone.pass(loss);
  await expect(lone.confirm()).rejects.toThrow('away');
  expect(lone.pass([])).toHaveLength(60);
});

it('a clock that is set by an hour lets nothing through before its time', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const watch = await startReplica(new Shared());
  expect(watch.pass(loss)).toEqual([]);
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(watch.pass([])).toEqual([]);
  expect(watch.rows).toHaveLength(1);
});
