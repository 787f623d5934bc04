import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readHeldPorts } from './support/admin-data.ts';
import { findApiServer } from './support/apiserver.ts';
import { httpEcho, tcpGreeter } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { askStatus, readGreeting, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const program = findApiServer('several sources');
const ledger = { configMap: 'fairlead-system/fairlead-ports' };

const sourcesSchema = z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() }));

async function readSource(world: World, name: string): Promise<z.infer<typeof sourcesSchema>[number]> {
  const found = sourcesSchema.parse(await world.admin('/api/sources')).find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no source ${name}`);
  return found;
}

function toSource(name: string, { kubeconfig }: Pick<Cluster, 'kubeconfig'>, more: object = {}): object {
  return { name, kubernetes: { kubeconfig }, ...more };
}

/** A web application with one backend. */
function toSite(name: string, host: string, address: string): string {
  return toManifests({
    namespace: 'shop',
    name,
    annotations: { 'fairlead.dev/host': host },
    ports: [{ name: 'http', port: 8080 }],
    addresses: [address],
  });
}

describe.skipIf(program === undefined)('several sources', () => {
  it('are served by one edge: a cluster and a folder of VM manifests', async () => {
    const cleanup = new Cleanup();
    try {
      const cluster = cleanup.keep(await startCluster(program ?? ''));
      const world = cleanup.keep(
        await startWorld({
          manifests: ['examples/vm-backends'],
          backends: [() => httpEcho('10.244.1.50', 8080), () => httpEcho('192.168.7.57', 8001)],
          config: {
            ledger,
            sources: [toSource('prod', cluster), { name: 'vms', directory: { path: './manifests' } }],
          },
        }),
      );
      await cluster.apply(toSite('web', 'web.test.com', '10.244.1.50'));
      await eventually('the cluster is served', 5_000, async () => (await askStatus('web.test.com')) === 200);
      expect((await see('web.test.com')).backend).toBe('10.244.1.50:8080');
      expect((await see('bbs.test.com')).backend).toBe('192.168.7.57:8001');
      world.write('web.yaml', toSite('web', 'vm.test.com', '192.168.7.57').replaceAll('8080', '8001'));
      await eventually('the folder is served', 5_000, async () => (await askStatus('vm.test.com')) === 200);
      expect((await see('web.test.com')).backend).toBe('10.244.1.50:8080');
    } finally {
      await cleanup.run();
    }
  });

  it('do not mix when two clusters have Services of the same name', async () => {
    const cleanup = new Cleanup();
    try {
      const first = cleanup.keep(await startCluster(program ?? ''));
      const second = cleanup.keep(await startCluster(program ?? ''));
      const world = cleanup.keep(
        await startWorld({
          backends: [
            ...['10.244.1.50', '10.245.1.50'].map((address) => () => httpEcho(address, 8080)),
            ...['10.244.1.17', '10.245.1.17'].map((address) => () => tcpGreeter(address, 3306)),
          ],
          config: { ledger, sources: [toSource('east', first), toSource('west', second)] },
        }),
      );
      const toBoth = (host: string, network: string): string => {
        const site = toSite('web', host, `${network}.1.50`);
        const ports = [{ name: 'mysql', port: 3306 }];
        const annotations = { 'fairlead.dev/expose': 'true' };
        const addresses = [`${network}.1.17`];
        return `${site}---\n${toManifests({ namespace: 'shop', name: 'db', annotations, ports, addresses })}`;
      };
      await first.apply(toBoth('east.test.com', '10.244'));
      await second.apply(toBoth('west.test.com', '10.245'));
      await world.waitFor(
        ({ tcpRouters }) => Object.keys(tcpRouters).filter((name) => name !== 'closed@http').length === 2,
      );
      for (let n = 0; n < 4; n++) {
        expect((await see('east.test.com')).backend).toBe('10.244.1.50:8080');
        expect((await see('west.test.com')).backend).toBe('10.245.1.50:8080');
      }
      const held = await readHeldPorts(world);
      expect(held.map(({ holder }) => holder)).toEqual(['Service/shop/db', 'Service/shop/db']);
      const greetings = await Promise.all(
        held.flatMap(({ port }) => [port, port]).map((port) => readGreeting('127.0.0.1', port)),
      );
      const names = ['10.244.1.17:3306', '10.245.1.17:3306'].map((server) => `5.7.44-fairlead ${server}`);
      expect(new Set(greetings)).toEqual(new Set(names));
      expect(greetings[0]).toBe(greetings[1]);
      // Gone in one, it stays in the other.
      await second.kubectl('-n', 'shop', 'delete', 'service', 'web');
      await eventually('west is gone', 5_000, async () => (await askStatus('west.test.com')) === 404);
      expect((await see('east.test.com')).backend).toBe('10.244.1.50:8080');
    } finally {
      await cleanup.run();
    }
  });

  it('are not hurt by one that is not there yet, nor by one that is down', async () => {
    const cleanup = new Cleanup();
    try {
      const prod = cleanup.keep(await startCluster(program ?? ''));
      const branch = await startCluster(program ?? '');
      cleanup.add(() => branch.stop().catch(() => undefined));
      await branch.crash();
      const backends = ['10.244.1.50', '10.245.1.50', '10.246.1.50'];
      const world = cleanup.keep(
        await startWorld({
          backends: backends.map((address) => () => httpEcho(address, 8080)),
          config: {
            ledger,
            sources: [toSource('prod', prod), toSource('branch', branch, { required: false })],
          },
        }),
      );
      await prod.apply(toSite('web', 'web.test.com', '10.244.1.50'));
      await eventually('prod is served', 3_000, async () => (await askStatus('web.test.com')) === 200);
      expect((await readSource(world, 'branch')).state).toBe('starting');

      await branch.start();
      await branch.apply(toSite('web', 'branch.test.com', '10.245.1.50'));
      await eventually('branch is added', 10_000, async () => (await askStatus('branch.test.com')) === 200);
      expect((await readSource(world, 'branch')).state).toBe('synced');

      await branch.crash();
      const crashed = performance.now();
      await prod.apply(toSite('new', 'new.test.com', '10.246.1.50'));
      await eventually('prod goes on', 3_000, async () => (await askStatus('new.test.com')) === 200);
      await eventually('branch is stale', 15_000, async () => {
        expect((await see('branch.test.com')).backend).toBe('10.245.1.50:8080');
        await sleep(100);
        return (await readSource(world, 'branch')).state === 'stale';
      });
      expect(performance.now() - crashed).toBeGreaterThan(5_000);
      expect((await readSource(world, 'branch')).detail).not.toBe('');
      expect((await readSource(world, 'prod')).state).toBe('synced');
      expect((await see('branch.test.com')).backend).toBe('10.245.1.50:8080');
    } finally {
      await cleanup.run();
    }
  });
});
