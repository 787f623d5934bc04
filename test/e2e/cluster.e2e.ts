import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readHeldPorts } from './support/admin-data.ts';
import { findApiServer } from './support/apiserver.ts';
import { httpEcho, httpsEcho, tcpGreeter, toEcho, type Echo } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet, tcpConnect, type HttpRequest } from './support/client.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { readExampleObjects } from './support/example-objects.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const program = findApiServer('the scenarios, from a cluster');
const edges = ['127.0.0.1', '10.1.0.2'];
const tier = [40, 41, 42, 43, 44, 45].map((last) => `192.168.7.${last}`);
const client = '203.0.113.9';
const ledger = { configMap: 'fairlead-system/fairlead-ports' };

async function see(host: string, more: Partial<HttpRequest> = {}): Promise<Echo> {
  const answer = await httpGet({ port: more.tls === true ? 443 : 80, host, from: client, ...more });
  expect({ host, status: answer.status }).toEqual({ host, status: 200 });
  return toEcho(answer.body);
}

async function readStatus(host: string): Promise<number> {
  return (await httpGet({ port: 80, host })).status;
}

async function readGreeting(ip: string, port: number): Promise<string> {
  const connection = await tcpConnect(ip, port);
  try {
    return await connection.readLine(2_000);
  } finally {
    await connection.stop();
  }
}

async function apply(cluster: Cluster, world: { readonly root: string }, yaml: string): Promise<void> {
  const file = join(world.root, 'apply.yaml');
  writeFileSync(file, yaml);
  await cluster.kubectl('apply', '--server-side', '-f', file);
}

async function setPodReady(cluster: Cluster, ready: boolean): Promise<void> {
  const patch = [{ op: 'replace', path: '/endpoints/1/conditions', value: { ready } }];
  await cluster.kubectl('patch', 'endpointslice', 'test-www-1', '--type=json', '-p', JSON.stringify(patch));
}

async function countBackends(host: string): Promise<number> {
  const seen = new Set<string>();
  for (let n = 0; n < 4; n++) seen.add((await see(host)).backend);
  return seen.size;
}

const sourcesSchema = z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() }));

async function readSource(world: World, name: string): Promise<z.infer<typeof sourcesSchema>[number]> {
  const found = sourcesSchema.parse(await world.admin('/api/sources')).find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no source ${name}`);
  return found;
}

function toSource(name: string, { kubeconfig }: Pick<Cluster, 'kubeconfig'>, more: object = {}): object {
  return { name, kubernetes: { kubeconfig }, ...more };
}

describe.skipIf(program === undefined)('the scenarios, from a cluster', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let world: World;

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    const backends = [
      () => tcpGreeter('10.244.1.17', 3306),
      () => tcpGreeter('10.244.2.23', 3306),
      () => tcpGreeter('10.244.1.18', 3306),
      () => tcpGreeter('10.244.1.18', 33062),
      () => httpEcho('192.168.7.57', 8001),
      () => httpEcho('192.168.7.27', 8004),
      ...tier.map((address) => () => httpsEcho(address, 443)),
      () => httpEcho('10.96.48.203', 80),
      () => httpEcho('10.96.125.203', 80),
      () => httpEcho('10.0.100.1', 9091),
      () => httpsEcho('10.244.3.9', 8443),
      () => httpEcho('10.244.1.31', 80),
      () => httpEcho('10.244.2.32', 80),
      () => httpEcho('10.244.1.33', 8080),
    ];
    world = cleanup.keep(
      await startWorld({
        edges,
        backends,
        config: {
          sources: [toSource('prod', cluster)],
          fleets: [{ name: 'default', addresses: ['edge.example.com'] }],
          ingress: { unclassed: 'take' },
          services: {
            annotations: { expose: 'ingress=haproxy-ingress', allocated: 'haproxy-ingress/{port}' },
          },
          ledger,
        },
      }),
    );
    await apply(cluster, world, readExampleObjects());
    await world.waitFor(({ routers, tcpRouters }) =>
      [
        'default_test_ingress_www.test.com_~root@http',
        'rook-ceph_rook-ceph-ingress_ingress_k8s-ceph-dashboard.calmkart.com_~root@http',
      ].every((name) => routers[name] !== undefined && Object.keys(tcpRouters).length === 3),
    );
  });
  afterAll(() => cleanup.run());

  it('are taken by Traefik, all of them', async () => {
    expect(await world.admin('/api/problems')).toEqual([]);
    for (const traefik of world.traefiks) expect(await traefik.routerErrors()).toEqual([]);
  });

  it.each([
    ['Service/default/mysqlcluster', 3306, ['10.244.1.17:3306', '10.244.2.23:3306']],
    ['Service/rds/orders-db', 3306, ['10.244.1.18:3306']],
    ['Service/rds/orders-db', 33062, ['10.244.1.18:33062']],
  ])('rds-tcp-ports: %s:%i greets on a port of its own on every edge', async (holder, port, servers) => {
    const held = await readHeldPorts(world);
    const found = held.find((row) => row.holder === holder && row.servicePort === port);
    for (const edge of edges) {
      const greetings: string[] = [];
      for (const _ of servers) greetings.push(await readGreeting(edge, found?.port ?? 0));
      expect(greetings.toSorted()).toEqual(servers.map((server) => `5.7.44-fairlead ${server}`));
    }
  });

  it('rds-tcp-ports: the ports are in the ConfigMap of the cluster', async () => {
    const text = await cluster.kubectl('-n', 'fairlead-system', 'get', 'cm', 'fairlead-ports', '-o', 'yaml');
    for (const { port } of await readHeldPorts(world)) expect(text).toContain(String(port));
  });

  it.each([
    ['/', '192.168.7.57:8001'],
    ['/apis', '192.168.7.57:8001'],
    ['/api/v1/posts?page=2', '192.168.7.27:8004'],
    ['/signin', '192.168.7.27:8004'],
    ['/signout', '192.168.7.27:8004'],
  ])('vm-backends: %s reaches %s, over HTTP and HTTPS', async (path, backend) => {
    for (const tls of [false, true]) {
      expect(await see('bbs.test.com', { path, tls })).toMatchObject({
        backend,
        path,
        host: 'bbs.test.com',
        headers: {
          'x-real-ip': client,
          'x-forwarded-for': client,
          'x-forwarded-proto': tls ? 'https' : 'http',
        },
      });
    }
  });

  it('vm-backends: the certificate of the Secret ends HTTPS', async () => {
    const { certificate } = await httpGet({ port: 443, host: 'bbs.test.com', tls: true });
    expect(certificate?.subject.CN).toBe('bbs.test.com');
  });

  it('vm-backends: six HTTPS hosts share the edge tier evenly', async () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 30; n++) {
      const { backend } = await see('edge.test.com');
      counts.set(backend, (counts.get(backend) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(tier.map((address) => [`${address}:443`, 5])),
    );
  });

  it.each([
    ['host-routing', 'dashboard.k8s.io', '10.96.48.203:80'],
    ['host-routing', 'scope.k8s.io', '10.96.125.203:80'],
    ['host-routing', 'test.k8s.io', '10.0.100.1:9091'],
    ['ceph-dashboard', 'k8s-ceph-dashboard.calmkart.com', '10.244.3.9:8443'],
    ['traefik-daemonset', 'www.test.com', '10.244.1.31:80'],
    ['traefik-daemonset', 'api.test.com', '10.244.1.33:8080'],
  ])('%s: %s goes to %s on every edge', async (_scenario, host, backend) => {
    for (const ip of edges) expect((await see(host, { ip })).backend).toBe(backend);
  });

  it('traefik-daemonset: a pod that is ready again is used again', async () => {
    await setPodReady(cluster, true);
    await eventually('the pod is back', 3_000, async () => (await countBackends('www.test.com')) === 2);
    await setPodReady(cluster, false);
    await eventually(
      'the pod has failed again',
      3_000,
      async () => (await countBackends('www.test.com')) === 1,
    );
  });
});

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
      await apply(cluster, world, toSite('web', 'web.test.com', '10.244.1.50'));
      await eventually(
        'the cluster is served',
        5_000,
        async () => (await readStatus('web.test.com')) === 200,
      );
      expect((await see('web.test.com')).backend).toBe('10.244.1.50:8080');
      expect((await see('bbs.test.com')).backend).toBe('192.168.7.57:8001');
      world.write('web.yaml', toSite('web', 'vm.test.com', '192.168.7.57').replaceAll('8080', '8001'));
      await eventually('the folder is served', 5_000, async () => (await readStatus('vm.test.com')) === 200);
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
      await apply(first, world, toBoth('east.test.com', '10.244'));
      await apply(second, world, toBoth('west.test.com', '10.245'));
      await world.waitFor(({ tcpRouters }) => Object.keys(tcpRouters).length === 2);
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
      await eventually('west is gone', 5_000, async () => (await readStatus('west.test.com')) === 404);
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
      await apply(prod, world, toSite('web', 'web.test.com', '10.244.1.50'));
      await eventually('prod is served', 3_000, async () => (await readStatus('web.test.com')) === 200);
      expect((await readSource(world, 'branch')).state).toBe('starting');

      await branch.start();
      await apply(branch, world, toSite('web', 'branch.test.com', '10.245.1.50'));
      await eventually('branch is added', 10_000, async () => (await readStatus('branch.test.com')) === 200);
      expect((await readSource(world, 'branch')).state).toBe('synced');

      await branch.crash();
      const crashed = performance.now();
      await apply(prod, world, toSite('new', 'new.test.com', '10.246.1.50'));
      await eventually('prod goes on', 3_000, async () => (await readStatus('new.test.com')) === 200);
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
