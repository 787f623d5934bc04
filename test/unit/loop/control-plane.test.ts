import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ControlPlane } from '../../../src/loop/control-plane.ts';
import type { Service } from '../../../src/model/objects.ts';
import { createMemoryLedger } from '../../../src/ports/ledger-memory.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Source, SourceListener } from '../../../src/source/source.ts';

const settings = loadSettings({ env: {}, cwd: '/', directories: ['/'] });
const [first] = settings.sources;
const name = first?.name ?? '';
const service: Service = {
  kind: 'Service',
  meta: {
    ref: { source: name, kind: 'Service', namespace: 'n', name: 'db' },
    annotations: { 'fairlead.dev/expose': 'true' },
  },
  type: 'ClusterIP',
  headless: false,
  hasSelector: true,
  ports: [{ name: 'mysql', port: 3306, protocol: 'TCP' }],
};

/** A control plane with one source that says what it is told to, and a leadership that begins when it is told to. */
async function startPlane(ledger: ReturnType<typeof createMemoryLedger>) {
  const listeners: SourceListener[] = [];
  const leading: ((leads: boolean) => void)[] = [];
  const source: Source = {
    name,
    start: (listener) => void listeners.push(listener),
    stop: () => Promise.resolve(),
    locate: () => Promise.resolve(undefined),
  };
  const leader = {
    isLeader: true,
    onChange: (changed: (leads: boolean) => void) => {
      leading.push(changed);
      return () => undefined;
    },
    start: () => undefined,
    stop: () => Promise.resolve(),
  };
  const writeBack = { lead: () => undefined, update: () => undefined, stop: () => Promise.resolve() };
  const plane = new ControlPlane({
    settings,
    sources: [source],
    ledger,
    log: pino({ level: 'silent' }),
    cluster: { leader, writeBack },
  });
  await plane.start();
  return {
    plane,
    deliver: () => {
      for (const listener of listeners) {
        listener.changed([{ kind: 'set', object: service }]);
        listener.state({ kind: 'synced' });
      }
    },
    lead: () => {
      for (const changed of leading) changed(true);
    },
  };
}

async function waitUntilReady({ published }: ControlPlane): Promise<void> {
  await expect.poll(() => published.readiness().kind).toBe('ready');
}

test('ports stay with their holders when the leadership begins between the delivery of a source and the rebuild', async () => {
  const ledger = createMemoryLedger();
  const before = await startPlane(ledger);
  before.deliver();
  await waitUntilReady(before.plane);
  const { state } = await ledger.read();
  expect(state.entries.map((entry) => entry.state)).toEqual(['held']);
  await before.plane.stop();

  const { plane, deliver, lead } = await startPlane(ledger);
  deliver();
  lead();
  await waitUntilReady(plane);
  expect((await ledger.read()).state).toEqual(state);
  await plane.stop();
});
