import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../../src/ports/ledger/memory.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { startPlane, toDatabase, waitUntilReady } from './start-plane.ts';

const settings = loadSettings({ env: {}, cwd: '/', directories: ['/'] });
const serviceSource = settings.sources[0]?.name ?? '';
/** Of several replicas. */
const shared: Settings = {
  ...settings,
  sources: [
    { name: serviceSource, required: true, kubernetes: { kubeconfig: null, context: null, namespaces: [] } },
  ],
  ledger: { source: 'cluster', configMap: { namespace: 'n', name: 'ports' }, retiredSources: [] },
};
const service = toDatabase(serviceSource);

test('ports stay with their holders when the leadership begins between the delivery of a source and the rebuild', async () => {
  const ledger = createMemoryLedger();
  const before = await startPlane(settings, ledger);
  before.deliver(service);
  await waitUntilReady(before.plane);
  const { state } = await ledger.read();
  expect(state.entries.map((entry) => entry.state)).toEqual(['held']);
  await before.plane.stop();

  const { plane, deliver, lead } = await startPlane(settings, ledger);
  deliver(service);
  lead();
  await waitUntilReady(plane);
  expect((await ledger.read()).state).toEqual(state);
  await plane.stop();
});

test('a lost ledger is made again by the leader before anything is answered, also by who starts as a follower', async () => {
  const ledger = createMemoryLedger();
  const { plane, deliver, lead } = await startPlane(shared, ledger, { leads: false });
  const annotations = { ...service.meta.annotations, 'tcp.fairlead.dev/3306': '20042' };
  const written = ['tcp.fairlead.dev/3306'];
  deliver({ ...service, meta: { ...service.meta, annotations, written } });
  await sleep(settings.provider.debounceMs + 200);
  expect(plane.published.readiness()).toEqual({ kind: 'starting', waitingFor: ['the allocation of ports'] });
  lead();
  await waitUntilReady(plane);
  expect((await ledger.read()).state.entries.map(({ port }) => port)).toEqual([20_042]);
  expect(plane.published.current('default')?.body.toString()).toContain('tcp-20042');
  await plane.stop();
});

test('nothing is said of what seems to be missing while a source is being read', async () => {
  const ledger = createMemoryLedger();
  const { plane, deliverPart, deliver } = await startPlane(shared, ledger, { leads: false });
  deliverPart(service);
  await expect.poll(() => plane.inspection.explain('Service', 'n', 'db')).toHaveLength(1);
  expect(plane.inspection.problems()).toEqual([]);
  deliver();
  await expect.poll(() => plane.inspection.problems().map(({ code }) => code)).toEqual(['no-endpoints']);
  const [explanation] = plane.inspection.explain('Service', 'n', 'db');
  expect(explanation?.verdict).toBe('Waits for its pool port.');
  await plane.stop();
});

test('who has the ledger in a file hands ports out, though no cluster can be asked who leads', async () => {
  const ledger = createMemoryLedger();
  const { plane, deliver } = await startPlane(settings, ledger, { leads: false });
  deliver(service);
  await waitUntilReady(plane);
  expect((await ledger.read()).state.entries.map(({ state }) => state)).toEqual(['held']);
  await plane.stop();
});
