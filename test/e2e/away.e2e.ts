import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHeldPorts, readProblems } from './support/admin-data.ts';
import { findApiServer } from './support/apiserver.ts';
import { httpEcho, tcpGreeter, toEcho } from './support/backends.ts';
import { readAnswer, watchBody } from './support/body-watch.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet, tcpConnect } from './support/client.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';
import { slowness } from '../support/slowness.ts';

const program = findApiServer('an API server that is away');
// The whole five minutes: FAIRLEAD_AWAY_SECONDS=300 node test/e2e/run.mjs test/e2e/away.e2e.ts
const awaySeconds = Number(process.env['FAIRLEAD_AWAY_SECONDS'] ?? '20');

const web = (address: string, host = 'web.test.com'): string =>
  toManifests({
    namespace: 'shop',
    name: host.replaceAll('.', '-'),
    annotations: { 'fairlead.dev/host': host },
    ports: [{ name: 'http', port: 8080 }],
    addresses: [address],
  });
const database = (name: string): string =>
  toManifests({
    namespace: 'shop',
    name,
    annotations: { 'fairlead.dev/expose': 'true' },
    ports: [{ name: 'mysql', port: 3306 }],
    addresses: ['10.244.1.17'],
  });

async function ask(host: string): Promise<string> {
  const { status, body } = await httpGet({ port: 80, host });
  return status === 200 ? toEcho(body).backend : String(status);
}

async function greet(port: number): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port);
  try {
    return await connection.readLine(2_000);
  } finally {
    await connection.stop();
  }
}

describe.skipIf(program === undefined)('an API server that is away', () => {
  let cleanup: Cleanup;
  let cluster: Cluster;
  let world: World;

  beforeEach(async () => {
    cleanup = new Cleanup();
    cluster = await startCluster(program ?? '');
    cleanup.add(() => cluster.stop());
    const sites = ['10.244.1.50', '10.244.1.51', '192.168.7.57', '192.168.7.58'];
    world = cleanup.keep(
      await startWorld({
        backends: [
          () => tcpGreeter('10.244.1.17', 3306),
          ...sites.map((address) => () => httpEcho(address, 8080)),
        ],
        config: {
          sources: [
            { name: 'prod', kubernetes: { kubeconfig: cluster.kubeconfig } },
            { name: 'vms', directory: { path: './manifests' } },
          ],
          ledger: { configMap: 'fairlead-system/fairlead-ports' },
          lastKnownGood: './lkg',
        },
      }),
    );
    await apply(web('10.244.1.50'), database('db'));
    await world.waitFor(
      ({ routers, tcpRouters }) =>
        Object.keys(routers).length > 0 && Object.keys(tcpRouters).some((name) => name.startsWith('shop_')),
    );
    await eventually('it is served', 5_000, async () => (await ask('web.test.com')) === '10.244.1.50:8080');
  });
  afterEach(() => cleanup.run());

  async function apply(...manifests: readonly string[]): Promise<void> {
    const file = join(world.root, 'apply.yaml');
    writeFileSync(file, manifests.join('---\n'));
    await cluster.kubectl('apply', '--server-side', '--force-conflicts', '-f', file);
  }

  async function readStates(): Promise<Readonly<Record<string, string>>> {
    const rows = (await world.admin('/api/sources')) as readonly { name: string; state: string }[];
    return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
  }

  it(
    'changes not one byte, and what is changed just after its return is served within 2 s',
    async () => {
      const before = await readAnswer(world.fairlead.providerUrl);
      const watch = cleanup.keep(watchBody(world.fairlead.providerUrl));
      await cluster.crash();
      await sleep(awaySeconds * 1_000);
      if (awaySeconds > 11) expect(await readStates()).toEqual({ prod: 'stale', vms: 'synced' });
      expect(await ask('web.test.com')).toBe('10.244.1.50:8080');
      await watch.stop();
      expect(watch.seen).toEqual([before]);
      expect(watch.answers).toBeGreaterThan(awaySeconds * 10);

      await cluster.start();
      await apply(web('10.244.1.51'), web('10.244.1.50', 'new.test.com'), database('late'));
      const applied = performance.now();
      await eventually('the change is served', 35_000, async () => {
        const answers = [await ask('web.test.com'), await ask('new.test.com')];
        return answers.join(' ') === '10.244.1.51:8080 10.244.1.50:8080';
      });
      const served = performance.now() - applied;
      console.log(`away for ${awaySeconds} s; changes after it served in ${Math.round(served)} ms`);
      expect(served).toBeLessThan(2_000 * slowness());
      // The ports wait for a leader.
      const held = await eventually('the new Service has a port', 40_000, async () =>
        (await readHeldPorts(world)).find(({ holder }) => holder === 'Service/shop/late'),
      );
      await world.waitFor(({ tcpRouters }) => tcpRouters['shop_late_3306@http'] !== undefined);
      expect(await greet(held.port)).toContain('10.244.1.17:3306');
    },
    awaySeconds * 1_000 + 120_000,
  );

  it.each(['stop', 'crash'] as const)(
    'is served by the same bytes from files after a restart of Fairlead (%s), stale, with its ports',
    async (how) => {
      const folder = join(world.root, 'lkg');
      await eventually('the last known state is kept', 25_000, () =>
        ['web-test-com', 'db'].every((name) =>
          readFileSync(join(folder, 'prod.ndjson'), 'utf8').includes(`"name":"${name}"`),
        ),
      );
      const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
      expect(modes.map(([, mode]) => mode)).toEqual(modes.map(() => 0o600));
      expect(modes.map(([name]) => name)).toEqual(expect.arrayContaining(['ledger.json', 'prod.ndjson']));
      const before = await readAnswer(world.fairlead.providerUrl);
      const [port] = (await readHeldPorts(world)).map((row) => row.port);

      await cluster.crash();
      await world.restartFairlead(how);
      expect(await readAnswer(world.fairlead.providerUrl)).toBe(before);
      expect(await readStates()).toEqual({ prod: 'stale', vms: 'synced' });
      expect((await readProblems(world)).map(({ code }) => code)).toContain('last-known-good-served');
      const [explained] = (await world.admin('/api/explain/Service/shop/db')) as readonly { asOf?: string }[];
      expect(explained?.asOf).toContain('has not answered since the start');
      expect((await readHeldPorts(world)).map((row) => row.port)).toEqual([port]);
      expect(await greet(port ?? 0)).toContain('10.244.1.17:3306');

      world.write('vm.yaml', web('192.168.7.57', 'vm.test.com'));
      await eventually(
        'another source changes',
        5_000,
        async () => (await ask('vm.test.com')) === '192.168.7.57:8080',
      );
      expect(await ask('web.test.com')).toBe('10.244.1.50:8080');

      await cluster.start();
      await eventually(
        'the source is synced again',
        35_000,
        async () => (await readStates())['prod'] === 'synced',
      );
      await apply(web('10.244.1.51'));
      await eventually(
        'changes are followed again',
        3_000,
        async () => (await ask('web.test.com')) === '10.244.1.51:8080',
      );
      expect((await readHeldPorts(world)).map((row) => row.port)).toEqual([port]);
      expect((await readProblems(world)).map(({ code }) => code)).not.toContain('last-known-good-served');
    },
    120_000,
  );
});
