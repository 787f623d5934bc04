import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readHeldPorts } from './support/admin-data.ts';
import type { Backend } from './support/backend.ts';
import { httpEcho, httpsEcho, tcpGreeter, toEcho, type Echo, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet, tcpConnect, type HttpRequest, type HttpResponse } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const edges = ['127.0.0.1', '10.1.0.2'];
const tier = [40, 41, 42, 43, 44, 45].map((last) => `192.168.7.${last}`);
const client = '203.0.113.9';

const cleanup = new Cleanup();
let world: World;
const web = new Map<string, HttpEcho>();

function keepEcho(make: typeof httpEcho, address: string, port: number): () => Promise<Backend> {
  return async () => {
    const echo = await make(address, port);
    web.set(address, echo);
    return echo;
  };
}

beforeAll(async () => {
  const backends = [
    () => tcpGreeter('10.244.1.17', 3306),
    () => tcpGreeter('10.244.2.23', 3306),
    () => tcpGreeter('10.244.1.18', 3306),
    () => tcpGreeter('10.244.1.18', 33062),
    keepEcho(httpEcho, '192.168.7.57', 8001),
    keepEcho(httpEcho, '192.168.7.27', 8004),
    ...tier.map((address) => keepEcho(httpsEcho, address, 443)),
    keepEcho(httpEcho, '10.12.48.203', 80),
    keepEcho(httpEcho, '10.1.125.203', 80),
    keepEcho(httpEcho, '10.0.100.1', 9091),
    keepEcho(httpsEcho, '10.244.3.9', 8443),
    keepEcho(httpEcho, '10.244.1.31', 80),
    keepEcho(httpEcho, '10.244.2.32', 80),
    keepEcho(httpEcho, '10.244.1.33', 8080),
  ];
  world = cleanup.keep(await startWorld({ examples: true, edges, backends }));
  await world.waitFor((data) => data.routers['default_test_ingress_www.test.com_~root@http'] !== undefined);
});
afterAll(() => cleanup.run());

function getEcho(address: string): HttpEcho {
  const echo = web.get(address);
  if (echo === undefined) throw new Error(`no backend at ${address}`);
  return echo;
}

function ask(host: string, more: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return httpGet({ port: more.tls === true ? 443 : 80, host, from: client, ...more });
}

async function see(host: string, more: Partial<HttpRequest> = {}): Promise<Echo> {
  const answer = await ask(host, more);
  expect(answer.status).toBe(200);
  return toEcho(answer.body);
}

async function findPort(holder: string, servicePort: number): Promise<number> {
  const held = await readHeldPorts(world);
  const found = held.find((row) => row.holder === holder && row.servicePort === servicePort);
  if (found === undefined) throw new Error(`${holder} holds no port for ${servicePort}`);
  return found.port;
}

async function readGreeting(ip: string, port: number): Promise<string> {
  const connection = await tcpConnect(ip, port);
  try {
    return await connection.readLine(2_000);
  } finally {
    await connection.stop();
  }
}

describe('the examples as a whole', () => {
  it('have no problem, and Traefik takes all of them', async () => {
    const { status, stdout } = await runFairlead(['check'], { cwd: world.root });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    for (const traefik of world.traefiks) expect(await traefik.routerErrors()).toEqual([]);
  });
});

describe('rds-tcp-ports', () => {
  const services = [
    ['Service/default/mysqlcluster', 3306, ['10.244.1.17:3306', '10.244.2.23:3306']],
    ['Service/rds/orders-db', 3306, ['10.244.1.18:3306']],
    ['Service/rds/orders-db', 33062, ['10.244.1.18:33062']],
  ] as const;

  it.each(services)('%s:%i greets through its own port on every edge host', async (holder, port, servers) => {
    const poolPort = await findPort(holder, port);
    for (const edge of edges) {
      const greetings: string[] = [];
      for (let n = 0; n < 2 * servers.length; n++) greetings.push(await readGreeting(edge, poolPort));
      const wanted = servers.map((server) => `5.7.44-fairlead ${server}`);
      // In turn: each as often as the others.
      expect(greetings.toSorted()).toEqual([...wanted, ...wanted].toSorted());
    }
  });

  it('never drops a connection when another tenant comes and goes', async () => {
    const port = await findPort('Service/default/mysqlcluster', 3306);
    const connections = await Promise.all(edges.map((edge) => tcpConnect(edge, port)));
    for (const connection of connections) world.keep(connection);
    for (const connection of connections) await connection.readLine();
    for (let round = 0; round < 3; round++) {
      const tenant = toManifests({
        namespace: 'rds',
        name: 'guest',
        annotations: { 'fairlead.dev/expose': 'true' },
        ports: [{ name: 'mysql', port: 3306 }],
        addresses: ['10.244.1.18'],
      });
      world.write('guest.yaml', tenant);
      const guestPort = await eventually('the guest has a port', 5_000, () =>
        findPort('Service/rds/guest', 3306),
      );
      await world.waitFor(({ tcpRouters }) => tcpRouters['rds_guest_3306@http'] !== undefined);
      expect(await readGreeting('127.0.0.1', guestPort)).toContain('10.244.1.18:3306');
      world.remove('guest.yaml');
      await world.waitFor(({ tcpRouters }) => tcpRouters['rds_guest_3306@http'] === undefined);
      for (const connection of connections)
        expect(await connection.ask(`round ${round}`)).toBe(`round ${round}`);
    }
  });
});

describe('vm-backends', () => {
  it.each([
    ['/', '192.168.7.57:8001'],
    ['/index.html', '192.168.7.57:8001'],
    ['/apis', '192.168.7.57:8001'],
    ['/api', '192.168.7.27:8004'],
    ['/api/v1/posts?page=2', '192.168.7.27:8004'],
    ['/signin', '192.168.7.27:8004'],
    ['/signout', '192.168.7.27:8004'],
  ])('%s reaches %s with what the client sent', async (path, backend) => {
    for (const tls of [false, true]) {
      expect(await see('bbs.test.com', { path, tls })).toMatchObject({
        backend,
        path,
        host: 'bbs.test.com',
        version: '1.1',
        headers: {
          'x-real-ip': client,
          'x-forwarded-for': client,
          'x-forwarded-proto': tls ? 'https' : 'http',
          'x-forwarded-host': 'bbs.test.com',
        },
      });
    }
  });

  it('ends HTTPS with the certificate of the Secret', async () => {
    const secret = z
      .looseObject({ stringData: z.looseObject({ 'tls.crt': z.string() }) })
      .parse(parse(readFileSync(join(world.folder, 'vm-backends/bbs-tls.yaml'), 'utf8')));
    const { fingerprint256 } = new X509Certificate(secret.stringData['tls.crt']);
    const { certificate } = await ask('bbs.test.com', { tls: true });
    expect(certificate?.fingerprint256).toBe(fingerprint256);
  });

  it('passes a body of 1 MB, and refuses one above 200 MB before it is sent', async () => {
    const upload = await see('bbs.test.com', {
      path: '/api/up',
      method: 'POST',
      body: Buffer.alloc(2 ** 20),
    });
    expect(upload.bodyBytes).toBe(2 ** 20);
    const before = getEcho('192.168.7.27').hits;
    const tooLarge = await ask('bbs.test.com', {
      path: '/api/up',
      method: 'POST',
      headers: { 'content-length': String(200 * 2 ** 20 + 1) },
    });
    expect(tooLarge.status).toBe(413);
    expect(getEcho('192.168.7.27').hits).toBe(before);
  });

  it('waits for a slow answer', async () => {
    await getEcho('192.168.7.27').behave({ kind: 'slow', ms: 2_500 });
    const answers = await Promise.all([see('bbs.test.com', { path: '/api' }), see('bbs.test.com')]);
    expect(answers.map(({ backend }) => backend)).toEqual(['192.168.7.27:8004', '192.168.7.57:8001']);
    await getEcho('192.168.7.27').behave({ kind: 'answer' });
  });

  it('shares the edge tier evenly over six HTTPS hosts, their certificates unverified', async () => {
    const before = tier.map((address) => getEcho(address).hits);
    for (let n = 0; n < 30; n++) await see('edge.test.com');
    expect(tier.map((address, n) => getEcho(address).hits - (before[n] ?? 0))).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('leaves a failing host out after two failures, and takes it back', async () => {
    const [victim = ''] = tier;
    await getEcho(victim).behave({ kind: 'refuse' });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n++) statuses.push((await ask('edge.test.com')).status);
    const failed = statuses.filter((status) => status !== 200);
    // Two, and one more for a kept connection that dies just as it is used: whether there is one is a race.
    expect([2, 3]).toContain(failed.length);
    expect(new Set(failed)).toEqual(new Set([502]));
    expect(new Set(statuses.slice(30))).toEqual(new Set([200]));
    const before = getEcho(victim).hits;
    await getEcho(victim).behave({ kind: 'answer' });
    await sleep(3_200);
    for (let n = 0; n < 12; n++) await see('edge.test.com');
    expect(getEcho(victim).hits).toBeGreaterThan(before);
  });
});

function toGrafana(retries: Readonly<Record<string, string>>): string {
  return toManifests({
    namespace: 'kube-system',
    name: 'grafana',
    annotations: { 'fairlead.dev/host': 'grafana.k8s.io', ...retries },
    ports: [{ name: 'http', port: 80 }],
    // Nothing listens on the second.
    addresses: ['10.12.48.203', '10.12.48.204'],
  });
}

describe('host-routing', () => {
  it.each([
    ['dashboard.k8s.io', '10.12.48.203:80'],
    ['scope.k8s.io', '10.1.125.203:80'],
    ['test.k8s.io', '10.0.100.1:9091'],
  ])('%s goes to %s through the one entry port', async (host, backend) => {
    expect(await see(host)).toMatchObject({ backend, host, headers: { 'x-forwarded-for': client } });
    expect((await ask(host, { headers: { host: `${host}:30008` } })).status).toBe(200);
  });

  it('takes a new host by a new file, and tries another endpoint when one refuses', async () => {
    const pid = world.fairlead.pid;
    world.write('grafana.yaml', toGrafana({}));
    await eventually('grafana.k8s.io', 5_000, async () => (await ask('grafana.k8s.io')).status === 200);
    const without = await askStatuses('grafana.k8s.io', 10);
    expect(without.filter((status) => status === 502)).toHaveLength(5);
    world.write('grafana.yaml', toGrafana({ 'fairlead.dev/retries': '3' }));
    await world.waitFor(
      ({ middlewares }) => middlewares['kube-system_grafana_service_retries@http'] !== undefined,
    );
    expect(await askStatuses('grafana.k8s.io', 10)).toEqual(Array.from({ length: 10 }, () => 200));
    world.remove('grafana.yaml');
    await eventually('grafana is gone', 5_000, async () => (await ask('grafana.k8s.io')).status === 404);
    expect(world.fairlead.pid).toBe(pid);
  });
});

async function askStatuses(host: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push((await ask(host)).status);
  return statuses;
}

describe('ceph-dashboard', () => {
  it('reaches the HTTPS backend over plain HTTP, without a redirect', async () => {
    const host = 'k8s-ceph-dashboard.calmkart.com';
    expect(await see(host, { path: '/login' })).toMatchObject({
      backend: '10.244.3.9:8443',
      path: '/login',
      host,
      headers: { 'x-forwarded-proto': 'http' },
    });
  });
});

async function listWwwBackends(): Promise<readonly string[]> {
  const backends = new Set<string>();
  for (let n = 0; n < 6; n++) backends.add((await see('www.test.com')).backend);
  return [...backends].toSorted();
}

describe('traefik-daemonset', () => {
  it.each([
    ['www.test.com', '10.244.1.31:80'],
    ['api.test.com', '10.244.1.33:8080'],
  ])('serves %s over HTTP and HTTPS, on every node', async (host, backend) => {
    for (const ip of edges) {
      for (const tls of [false, true]) expect((await see(host, { ip, tls })).backend).toBe(backend);
    }
  });

  it('uses the ready pod only, until the failed one is back', async () => {
    expect(await listWwwBackends()).toEqual(['10.244.1.31:80']);
    const file = join(world.folder, 'traefik-daemonset/test.yaml');
    const text = readFileSync(file, 'utf8');
    const mended = text.replace('ready: false, serving: false, terminating: false', 'ready: true');
    expect(mended).not.toBe(text);
    writeFileSync(file, mended);
    await eventually('the pod is back', 5_000, async () => (await listWwwBackends()).length === 2);
    expect(await listWwwBackends()).toEqual(['10.244.1.31:80', '10.244.2.32:80']);
    writeFileSync(file, text);
    await eventually('the pod has failed again', 5_000, async () => (await listWwwBackends()).length === 1);
    expect(await listWwwBackends()).toEqual(['10.244.1.31:80']);
  });
});
