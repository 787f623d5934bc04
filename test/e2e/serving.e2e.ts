import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeldPorts } from './support/admin-data.ts';
import { httpEcho, tcpGreeter, toEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet, tcpConnect, type TcpConnection } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { toManifests, type ServiceManifest } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';
import { slowness } from '../support/slowness.ts';

const webBackends = ['10.244.1.1', '10.244.1.2'];
const databases = Array.from({ length: 50 }, (_, n) => `db-${n}`);

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      backends: [
        ...webBackends.map((address) => () => httpEcho(address, 8080)),
        () => tcpGreeter('10.244.2.1', 3306),
      ],
    }),
  );
  for (const name of databases) world.write(`${name}.yaml`, toDatabase(name, '10.244.2.1'));
  world.write('web.yaml', toWeb(webBackends[0]));
  await world.waitFor(
    ({ routers, tcpRouters }) =>
      routers['shop_web_service_web.test.com_~root@http'] !== undefined &&
      databases.every((name) => tcpRouters[`rds_${name}_3306@http`] !== undefined),
  );
});
afterAll(() => cleanup.run());

function toWeb(address = ''): string {
  return toManifests({
    namespace: 'shop',
    name: 'web',
    annotations: { 'fairlead.dev/host': 'web.test.com' },
    ports: [{ name: 'http', port: 8080 }],
    addresses: [address],
  });
}

function toDatabase(name: string, address: string): string {
  return toManifests({
    namespace: 'rds',
    name,
    annotations: { 'fairlead.dev/expose': 'true' },
    ports: [{ name: 'mysql', port: 3306 }],
    addresses: [address],
  });
}

async function askWeb(): Promise<{ readonly status: number; readonly backend: string }> {
  const { status, body } = await httpGet({ port: 80, host: 'web.test.com' });
  return { status, backend: status === 200 ? toEcho(body).backend : '' };
}

/** Moves the web Service to the other backend; returns the milliseconds until Traefik sends requests there. */
async function measureChange(round: number): Promise<number> {
  const next = webBackends[(round + 1) % webBackends.length];
  const before = performance.now();
  world.write('web.yaml', toWeb(next));
  for (;;) {
    const { status, backend } = await askWeb();
    expect(status).toBe(200);
    const passed = performance.now() - before;
    if (backend === `${next}:8080`) return passed;
    if (passed > 5_000) throw new Error('the change did not get through');
    await sleep(2);
  }
}

function report(what: string, times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const max = sorted.at(-1) ?? Number.NaN;
  console.log(
    `${what}: median ${median.toFixed(0)} ms, max ${max.toFixed(0)} ms over ${times.length} changes`,
  );
  return median;
}

describe('changes', () => {
  it('get from a file to a routed request in well below a second', async () => {
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      times.push(await measureChange(round));
      // Each on its own, and not in step with the timers of Traefik and Fairlead.
      await sleep(250 + ((round * 67) % 160));
    }
    expect(report('change to routed', times)).toBeLessThan(300 * slowness());
  });

  it('drop none of 100 open TCP connections, fifty changes long', async () => {
    const held = (await readHeldPorts(world)).filter(({ holder }) => holder.startsWith('Service/rds/'));
    expect(held).toHaveLength(databases.length);
    const connections: TcpConnection[] = [];
    for (const { port } of [...held, ...held]) {
      const connection = world.keep(await tcpConnect('127.0.0.1', port));
      expect(await connection.readLine()).toContain('10.244.2.1:3306');
      connections.push(connection);
    }
    const times: number[] = [];
    for (let round = 0; round < 50; round++) {
      // Every database but the first has its own backend changed, or goes altogether, under its open connections.
      const name = databases[Math.max(round, 1)] ?? '';
      if (round % 5 === 4) world.remove(`${name}.yaml`);
      else world.write(`${name}.yaml`, toDatabase(name, '10.244.2.99'));
      times.push(await measureChange(round));
      if (round % 10 !== 9) continue;
      const answers = await Promise.all(connections.map((each) => each.ask(`round ${round}`)));
      expect(answers.filter((answer) => answer !== `round ${round}`)).toEqual([]);
    }
    // One right after the other, each waits for the poll that follows the answer before it.
    expect(report('the same, one right after the other, under 100 connections', times)).toBeLessThan(
      500 * slowness(),
    );
    expect(connections.filter((connection) => connection.closed)).toEqual([]);
    await world.waitFor(
      ({ tcpRouters }) => Object.keys(tcpRouters).filter((name) => name.startsWith('rds_')).length === 40,
    );
    for (const connection of connections) await connection.stop();
  });
});

const hostile: readonly (readonly [string, string])[] = [
  ['a file cut off in the middle', toManifests(toB()).slice(0, 180)],
  ['no YAML at all', 'a: [1, 2\n\tb: {{ env "HOME" }}\n%%%'],
  ['bytes that are no text', '\u0000\u0001\uFFFD\u007F\u0085'],
  ['a bomb of aliases', toBomb()],
  ['a number where a map belongs', toManifests(toB()).replaceAll(/spec:\n(?: .*\n)+/g, 'spec: 5\n')],
  ['ports that are none', toManifests(toB({}, [{ name: 'http', port: 99_999_999 }]))],
  ['a host that closes the quotes', toManifests(toB({ host: 'b`) || PathPrefix(`/' }))],
  ['a host with a quote and an escape', toManifests(toB({ host: 'b") || Host("web.test.com\\u0022' }))],
  ['the host of another', toManifests(toB({ host: 'web.test.com' }))],
  ['a path that is a rule', toManifests(toB({ host: 'b.test.com', path: '/`) || PathPrefix(`/' }))],
  ['control characters', toManifests(toB({ host: 'b\u007F\u0085\uFFFE.test.com', path: '/\u0000\u2028' }))],
  ['template text', toManifests(toB({ host: 'b.test.com', path: '/{{ env "HOME" }}' }))],
  ['numbers beyond reason', toManifests(toB({ host: 'b.test.com', retries: '9223372036854776000' }))],
  ['durations beyond reason', toManifests(toB({ host: 'b.test.com', 'timeout-read': '1e400h' }))],
  ['an allow-list that is none', toManifests(toB({ host: 'b.test.com', 'allow-cidrs': '999.0.0.0/99' }))],
  ['weights for nobody', toManifests(toB({ host: 'b.test.com', weights: 'a=b,=,1.2.3.4=-1' }))],
  ['a pool port of others', toManifests(toB({ expose: 'true', 'request-port.8080': '20000' }))],
  ['a hundred thousand hosts', toManifests(toB({ host: 'b.test.com,'.repeat(100_000) }))],
];

function toB(
  annotations: Record<string, string> = {},
  ports = [{ name: 'http', port: 8080 }],
): ServiceManifest {
  const full = Object.entries(annotations).map(([key, value]) => [`fairlead.dev/${key}`, value] as const);
  return {
    namespace: 'zz',
    name: 'b',
    annotations: Object.fromEntries(full),
    ports,
    addresses: ['10.244.1.2'],
  };
}

function toBomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, n) =>
      `l${n}: &l${n} [${Array.from({ length: 12 }, () => (n === 0 ? 'x' : `*l${n - 1}`)).join(', ')}]`,
  );
  return `${levels.join('\n')}\n`;
}

describe('one tenant', () => {
  it('cannot hurt another, however broken its file is', async () => {
    await measureChange(1);
    const statuses = new Map<string, number>();
    const loop = { on: true };
    const steady = (async (): Promise<void> => {
      while (loop.on) {
        const { status, backend } = await askWeb().catch(() => ({ status: 0, backend: '' }));
        const seen = `${status} ${backend}`;
        statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
        await sleep(1);
      }
    })();
    for (const [what, text] of hostile) {
      world.write('b.yaml', text);
      await sleep(200);
      const { routers } = await world.traefik.rawdata();
      expect(routers['shop_web_service_web.test.com_~root@http']?.status, what).toBe('enabled');
    }
    loop.on = false;
    await steady;
    expect([...statuses.keys()]).toEqual(['200 10.244.1.1:8080']);
    expect(statuses.get('200 10.244.1.1:8080')).toBeGreaterThan(hostile.length * 10);
    expect(await world.traefik.routerErrors()).toEqual([]);

    // None of it has stopped the updates: the mended file is served. Its host is none of those above, so an answer is its own.
    world.write('b.yaml', toManifests(toB({ host: 'mended.test.com' })));
    await eventually(
      'b is served',
      5_000,
      async () => (await httpGet({ port: 80, host: 'mended.test.com' })).status === 200,
    );
  });
});

interface Polled {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

/** One poll on the connection of the agent, as Traefik polls. */
function poll(agent: Agent): Promise<Polled> {
  const before = performance.now();
  return new Promise((resolve, reject) => {
    httpRequest(`${world.fairlead.providerUrl}/traefik/default`, { agent }, (response) => {
      const { statusCode: status = 0, headers } = response;
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .once('end', () => resolve({ status, headers, body, ms: performance.now() - before }))
        .once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}

describe('a stop', () => {
  it('answers a held poll at once; Traefik goes on, and after the restart all is as before', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanup.add(() => agent.destroy());
    const first = await poll(agent);
    expect(first.status).toBe(200);
    const portsBefore = await readHeldPorts(world);

    const held = poll(agent);
    await sleep(300);
    const before = performance.now();
    const stopping = world.fairlead.stop();
    const answer = await held;
    expect(performance.now() - before).toBeLessThan(500 * slowness());
    expect(answer).toMatchObject({ status: 200, body: first.body, headers: { connection: 'close' } });
    expect(answer.ms).toBeGreaterThan(290);
    await stopping;
    expect(performance.now() - before).toBeLessThan(1_000 * slowness());

    await expect(poll(agent)).rejects.toThrow('ECONNREFUSED');
    expect(await askWeb()).toEqual({ status: 200, backend: '10.244.1.1:8080' });
    const { port } = portsBefore.find(({ holder }) => holder === 'Service/rds/db-0') ?? { port: 0 };
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', port));
    expect(await connection.readLine()).toContain('10.244.2.1:3306');

    await world.restartFairlead();
    const again = await poll(agent);
    expect(again.body).toBe(first.body);
    expect(again.headers['x-fairlead-revision']).toBe(first.headers['x-fairlead-revision']);
    expect(await readHeldPorts(world)).toEqual(portsBefore);
    expect(await connection.ask('still there?')).toBe('still there?');
    // Traefik polls again by itself, and hears of the next change.
    world.write('web.yaml', toWeb('10.244.1.2'));
    await eventually(
      'the change is routed',
      15_000,
      async () => (await askWeb()).backend === '10.244.1.2:8080',
    );
  });
});
