import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { slowness } from '../support/slowness.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { halfOpen, neverReading } from './support/poll-burdens.ts';
import { startPollClients, type PollClients } from './support/poll-clients.ts';
import { startWorld, type World } from './support/world.ts';

/** So many that the answers to one that never reads do not fit into the buffers of the system. */
const services = 1_000;
const clientCount = 60;
const neverReadingCount = 10;
const halfOpenCount = 100;

const cleanup = new Cleanup();
let world: World;
let clients: PollClients;

beforeAll(async () => {
  const texts = Array.from({ length: services }, (_, index) => toWeb(index, 1));
  world = cleanup.keep(
    await startWorld({ texts: { 'all.yaml': texts.join('---\n'), 'one.yaml': toWeb(services, 1) } }),
  );
  clients = cleanup.keep(await startPollClients(toUrl(), clientCount));
  await clients.untilAll(await readRevision(), 30_000);
});
afterAll(() => cleanup.run());

function toWeb(index: number, third: number): string {
  return toManifests({
    namespace: 'shop',
    name: `web-${index}`,
    annotations: { 'fairlead.dev/host': `web-${index}.test.com` },
    ports: [{ name: 'http', port: 8080 }],
    addresses: Array.from({ length: 10 }, (_, each) => `10.244.${third}.${each + 1}`),
  });
}

function toUrl(): string {
  return `${world.fairlead.providerUrl}/traefik/default`;
}

async function readRevision(): Promise<string> {
  const response = await fetch(toUrl(), { method: 'HEAD' });
  return response.headers.get('x-fairlead-revision') ?? '';
}

/** Changes a Service; returns the milliseconds until the last client had it, when the Traefik had it, too. */
async function measureChange(third: number): Promise<number> {
  const before = await readRevision();
  const began = Date.now();
  world.write('one.yaml', toWeb(services, third));
  const revision = await eventually('it is published', 15_000, async () => {
    const now = await readRevision();
    return now !== before && now;
  });
  const times = await clients.untilAll(revision);
  expect(times).toHaveLength(clientCount);
  await eventually('Traefik has applied it', 15_000, async () => {
    const response = await fetch(`${world.traefik.apiUrl}/api/http/middlewares/revision@http`);
    return (await response.text()).includes(revision);
  });
  return Math.max(...times) - began;
}

/** Bytes of buffers outside of the heap: bodies among them. */
async function readExternalBytes(): Promise<number> {
  const text = await (await fetch(`${world.fairlead.adminUrl}/metrics`)).text();
  return Number(/^nodejs_external_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

function countHandles(): number {
  return readdirSync(`/proc/${world.fairlead.pid}/fd`).length;
}

it('a change reaches all that poll within a second', async () => {
  for (const third of [2, 3, 4]) {
    expect(await measureChange(third)).toBeLessThan(1_000 * slowness());
    await sleep(500);
  }
  expect(clients.errors()).toEqual([]);
});

it('so it does beside clients that never read and requests that never end, which are cut off', async () => {
  const [handles, bytes] = [countHandles(), await readExternalBytes()];
  const burdens = [neverReading(toUrl(), neverReadingCount), halfOpen(toUrl(), halfOpenCount)] as const;
  for (const burden of burdens) cleanup.keep(burden);
  for (const third of [5, 6, 7, 8]) {
    await sleep(500);
    expect(await measureChange(third)).toBeLessThan(1_000 * slowness());
  }
  // They have asked for 90 MB of every revision.
  expect((await readExternalBytes()) - bytes).toBeLessThan(50e6);
  const [unread, unended] = burdens;
  await eventually('they are cut off', 30_000, () => unread.closed() >= neverReadingCount);
  await eventually('they are cut off', 30_000, () => unended.closed() >= halfOpenCount);
  for (const burden of burdens) await burden.stop();
  await eventually('nothing is left of them', 15_000, () => countHandles() <= handles + 5);
  expect(clients.errors()).toEqual([]);
});
