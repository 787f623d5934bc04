import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowness } from '../support/slowness.ts';
import { httpEcho, toEcho, tcpGreeter, udpEcho, type HttpEcho, type TcpGreeter } from './support/backends.ts';
import { ask, see } from './support/edge-client.ts';
import { tcpConnect, udpAsk } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { shootMany, startLoad } from './support/shots.ts';
import { toManifests, type ServiceManifest } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// Moves, failover and mirroring between Services, through a real Traefik.

const vm = '192.168.7.57:80';
const pod = '10.244.1.7:80';
const spare = '10.244.1.8:80';
const ports = [{ name: 'http', port: 80 }];
let world: World;
let machines: HttpEcho;
let pods: HttpEcho;
let spares: HttpEcho;
let greeters: readonly TcpGreeter[];

beforeAll(async () => {
  world = await startWorld({ manifests: [] });
  machines = world.keep(await httpEcho('192.168.7.57', 80));
  pods = world.keep(await httpEcho('10.244.1.7', 80));
  spares = world.keep(await httpEcho('10.244.1.8', 80));
  greeters = [
    world.keep(await tcpGreeter('192.168.7.57', 3306)),
    world.keep(await tcpGreeter('10.244.1.7', 3306)),
  ];
  world.keep(await udpEcho('192.168.7.57', 53));
  world.keep(await udpEcho('10.244.1.7', 53));
  world.write(
    'others.yaml',
    toManifests(
      { namespace: 'shop', name: 'pods', ports, addresses: ['10.244.1.7'] },
      { namespace: 'shop', name: 'spare', ports, addresses: ['10.244.1.8'] },
    ),
  );
});
afterAll(() => world.stop());

/** Writes a Service of its own for one test, with the virtual machine behind it. */
function write(
  name: string,
  annotations: Readonly<Record<string, string>>,
  more: Partial<ServiceManifest> = {},
): string {
  const host = `${name}.test.com`;
  const all = Object.entries({ host, ...annotations }).map(([key, value]) => [`fairlead.dev/${key}`, value]);
  const service = { namespace: 'shop', name, ports, addresses: ['192.168.7.57'], ...more };
  world.write(`${name}.yaml`, toManifests({ ...service, annotations: Object.fromEntries(all) }));
  return host;
}

async function untilAnswers(host: string): Promise<void> {
  await eventually(`${host} is served`, 15_000, async () => (await ask(host)).status === 200);
}

async function seen(host: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, body } = await ask(host, { headers });
  return status === 200 ? toEcho(body).backend : String(status);
}

describe('a share of the traffic', () => {
  it('is the percent that is asked for, over 10,000 requests', async () => {
    const host = write('exact', { 'migrate-to': 'pods', 'migrate-weight': '25' });
    await untilAnswers(host);
    const counts = await shootMany(host, 10_000);
    console.log(`10,000 requests at 25 %: ${JSON.stringify([...counts])}`);
    expect([...counts.keys()].toSorted()).toEqual([pod, vm]);
    // Round robin by weight is exact to within one round of each change.
    expect(Math.abs((counts.get(pod) ?? 0) - 2_500)).toBeLessThanOrEqual(10);
  });

  it('changes under load within a second, without a failed request', async () => {
    const host = write('load', { 'migrate-to': 'pods', 'migrate-weight': '0' });
    await untilAnswers(host);
    const load = startLoad(host);
    const delays: number[] = [];
    for (const [weight, former, next] of [
      ['100', vm, pod],
      ['0', pod, vm],
      ['100', vm, pod],
      ['0', pod, vm],
    ] as const) {
      await eventually(`only ${former} answers`, 5_000, () => load.shots.at(-1)?.answer === former);
      await sleep(300);
      const changedAt = performance.now();
      write('load', { 'migrate-to': 'pods', 'migrate-weight': weight });
      await eventually(`${next} answers`, 5_000, () => load.shots.at(-1)?.answer === next);
      await sleep(300);
      const lastFormer = load.shots.findLast(({ answer }) => answer === former);
      delays.push((lastFormer?.sentAt ?? 0) - changedAt);
    }
    for (const weight of ['25', '50', '75', '100', '50', '0']) {
      write('load', { 'migrate-to': 'pods', 'migrate-weight': weight });
      await sleep(300);
    }
    const shots = await load.stop();
    const failed = shots.filter(({ answer }) => answer !== vm && answer !== pod);
    console.log(
      `10 changes of weight under load: ${shots.length} requests, ${failed.length} failed; last request to the former side after ${delays.map(Math.round).join(', ')} ms`,
    );
    expect(failed).toEqual([]);
    expect(Math.max(...delays)).toBeLessThan(1_000 * slowness());
  });

  it('stays with a side that has endpoints when the other has none', async () => {
    const host = write('lonely', { 'migrate-to': 'nobody', 'migrate-weight': '50' });
    world.write('nobody.yaml', toManifests({ namespace: 'shop', name: 'nobody', ports, addresses: [] }));
    await untilAnswers(host);
    const counts = await shootMany(host, 100);
    expect([...counts]).toEqual([[vm, 100]]);
  });

  it('leaves sticky sessions on their side, and gives new ones their share', async () => {
    const sticky = { 'sticky-cookie': 'route', 'migrate-to': 'pods' };
    const host = write('sticky', { ...sticky, 'migrate-weight': '0' });
    await untilAnswers(host);
    const begin = async (): Promise<string> => {
      const cookies = (await ask(host)).headers['set-cookie'] ?? [];
      return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
    };
    const old = await begin();
    expect(old).toMatch(/route-side=/);
    write('sticky', { ...sticky, 'migrate-weight': '60' });
    await eventually('the pods answer', 5_000, async () => (await seen(host)) === pod);
    const clients = [];
    for (let n = 0; n < 20; n++) clients.push(await begin());
    const sides = new Set<string>();
    for (const cookie of [old, ...clients]) {
      const answers = new Set<string>();
      for (let n = 0; n < 5; n++) answers.add(await seen(host, { cookie }));
      expect(answers.size).toBe(1);
      for (const answer of answers) sides.add(answer);
    }
    expect(sides).toEqual(new Set([vm, pod]));
    expect(await seen(host, { cookie: old })).toBe(vm);
    write('sticky', { ...sticky, 'migrate-weight': '100' });
    await eventually('all are moved at last', 5_000, async () => (await seen(host, { cookie: old })) === pod);
  });
});

describe('failover', () => {
  const checked = {
    'health-path': '/',
    'health-interval': '1s',
    'health-timeout': '1s',
    'failover-to': 'spare',
  };

  it('follows the health checks when a machine dies, recovers and flaps', async () => {
    const host = write('checked', checked);
    await untilAnswers(host);
    await eventually('the machine answers', 5_000, async () => (await seen(host)) === vm);
    const load = startLoad(host);
    const measure = async (what: string, next: string, change: () => Promise<unknown>): Promise<number> => {
      const at = performance.now();
      await change();
      await eventually(what, 10_000, () => load.shots.at(-1)?.answer === next);
      await sleep(200);
      // From the change to the last request that somebody else answered, or nobody.
      return (load.shots.findLast(({ answer }) => answer !== next)?.sentAt ?? at) - at;
    };
    const died = await measure('the spare answers', spare, () => machines.behave({ kind: 'refuse' }));
    const recovered = await measure('the machine is back', vm, () => machines.behave({ kind: 'answer' }));
    for (let n = 0; n < 3; n++) {
      await machines.behave({ kind: 'refuse' });
      await sleep(300);
      await machines.behave({ kind: 'answer' });
      await sleep(300);
    }
    await eventually('it ends on the machine', 10_000, () => load.shots.at(-1)?.answer === vm);
    const shots = await load.stop();
    const bad = shots.filter(({ answer }) => answer !== vm && answer !== spare);
    console.log(
      `failover by checks each 1 s: over after ${Math.round(died)} ms, back after ${Math.round(recovered)} ms; ${bad.length} of ${shots.length} requests failed`,
    );
    // One round of checks, and the answer to it.
    expect(died).toBeLessThan(2_500 * slowness());
    expect(recovered).toBeLessThan(2_500 * slowness());
    expect(bad.filter(({ answer }) => answer !== '502' && answer !== '503')).toEqual([]);
  });

  it('by status loses no request, whatever happens to the machine', async () => {
    const host = write('by-status', { 'failover-to': 'spare', 'failover-status': '502-504' });
    await untilAnswers(host);
    const load = startLoad(host);
    for (let n = 0; n < 3; n++) {
      await machines.behave({ kind: 'refuse' });
      await sleep(300);
      await machines.behave({ kind: 'fail', status: 503 });
      await sleep(300);
      await machines.behave({ kind: 'answer' });
      await sleep(300);
    }
    const shots = await load.stop();
    const bad = shots.filter(({ answer }) => answer !== vm && answer !== spare);
    console.log(`failover by status while a machine flaps: ${bad.length} of ${shots.length} requests failed`);
    expect(bad).toEqual([]);
    expect(shots.some(({ answer }) => answer === spare)).toBe(true);
    const large = await ask(host, { method: 'POST', body: Buffer.alloc(2 * 1024 ** 2) });
    expect(large.status).toBe(413);
  });

  it('goes by what the cluster says without any check', async () => {
    const host = write('empty', { 'failover-to': 'spare' }, { addresses: [] });
    await eventually('the spare answers', 15_000, async () => (await seen(host)) === spare);
    write('empty', { 'failover-to': 'spare' });
    await eventually('the machine is back', 5_000, async () => (await seen(host)) === vm);
  });

  it('stands around a split whose sides are both checked', async () => {
    world.write(
      'checked-pods.yaml',
      toManifests({
        namespace: 'shop',
        name: 'checked-pods',
        annotations: { 'fairlead.dev/health-path': '/', 'fairlead.dev/health-interval': '1s' },
        ports,
        addresses: ['10.244.1.7'],
      }),
    );
    const host = write('both', { ...checked, 'migrate-to': 'checked-pods', 'migrate-weight': '50' });
    await untilAnswers(host);
    const until = (what: string, ...answers: readonly string[]): Promise<true> =>
      eventually(what, 10_000, async () => {
        const counts = await shootMany(host, 20);
        return [...counts.keys()].toSorted().join() === answers.toSorted().join();
      });
    await until('both sides answer', vm, pod);
    await machines.behave({ kind: 'refuse' });
    await until('the pods have all', pod);
    await pods.behave({ kind: 'refuse' });
    await until('the spare has all', spare);
    await pods.behave({ kind: 'answer' });
    await machines.behave({ kind: 'answer' });
    await until('both are back', vm, pod);
  });
});

describe('mirroring', () => {
  it('sends copies, and never affects the answer', async () => {
    const host = write('mirrored', { 'mirror-to': 'spare', 'mirror-percent': '50', 'mirror-max-body': '1k' });
    await untilAnswers(host);
    await eventually('it is mirrored', 5_000, async () => {
      const before = spares.hits;
      await ask(host);
      await ask(host);
      return spares.hits > before;
    });
    await sleep(200);
    const before = spares.hits;
    const counts = await shootMany(host, 200, 4);
    expect([...counts]).toEqual([[vm, 200]]);
    await eventually('half are copied', 5_000, () => spares.hits - before === 100);
    const posts = { method: 'POST', path: '/post', body: 'x'.repeat(2_000) };
    for (let n = 0; n < 4; n++) expect(toEcho((await ask(host, posts)).body).bodyBytes).toBe(2_000);
    for (let n = 0; n < 4; n++) await ask(host, { ...posts, path: '/small', body: 'x' });
    await eventually('small ones are copied', 5_000, () =>
      spares.requests.some(({ path }) => path === '/small'),
    );
    expect(spares.requests.filter(({ path }) => path === '/post')).toEqual([]);
    for (const behaviour of [
      { kind: 'fail', status: 500 },
      { kind: 'slow', ms: 3_000 },
      { kind: 'refuse' },
    ] as const) {
      await spares.behave(behaviour);
      const began = performance.now();
      expect([...(await shootMany(host, 40, 4))]).toEqual([[vm, 40]]);
      expect(performance.now() - began, behaviour.kind).toBeLessThan(2_000 * slowness());
    }
    await spares.behave({ kind: 'answer' });
  });
});

/** How many of so many answers come from the pods. */
async function countMoved(askOnce: () => Promise<string>, many: number): Promise<number> {
  let moved = 0;
  for (let n = 0; n < many; n++) if ((await askOnce()).includes('10.244.1.7')) moved += 1;
  return moved;
}

describe('ports', () => {
  const all = [
    { name: 'mysql', port: 3306 },
    { name: 'dns', port: 53, protocol: 'UDP' as const },
  ];

  it('are divided by weight over TCP and UDP, and open connections stay', async () => {
    world.write(
      'db-pods.yaml',
      toManifests({ namespace: 'shop', name: 'db-pods', ports: all, addresses: ['10.244.1.7'] }),
    );
    const move = { expose: 'true', 'migrate-to': 'db-pods' };
    const more = { ports: all };
    write('db', { ...move, 'migrate-weight': '20' }, more);
    const portOf = async (servicePort: number): Promise<number> =>
      eventually('there are ports', 15_000, async () => {
        const report = JSON.stringify(await world.admin('/api/ports'));
        const row = JSON.parse(report).ports.find(
          (each: { servicePort: number }) => each.servicePort === servicePort,
        );
        return row?.port as number | undefined;
      });
    const [tcp, udp] = [await portOf(3306), await portOf(53)];
    const greet = async (): Promise<string> => {
      const connection = await tcpConnect('127.0.0.1', tcp);
      const line = await connection.readLine();
      await connection.stop();
      return line;
    };
    await eventually('the port is served', 15_000, greet);
    const overTcp = await countMoved(greet, 500);
    const overUdp = await countMoved(() => udpAsk('127.0.0.1', udp, 'x'), 500);
    console.log(`500 connections and 500 datagrams at 20 %: ${overTcp} and ${overUdp} moved`);
    expect(Math.abs(overTcp - 100)).toBeLessThanOrEqual(5);
    expect(Math.abs(overUdp - 100)).toBeLessThanOrEqual(5);
    const open = await tcpConnect('127.0.0.1', tcp);
    const greeting = await open.readLine();
    write('db', { ...move, 'migrate-weight': greeting.includes('10.244.1.7') ? '0' : '100' }, more);
    const other = greeting.includes('10.244.1.7') ? '192.168.7.57' : '10.244.1.7';
    await eventually('new connections have moved', 5_000, async () => {
      const lines = [];
      for (let n = 0; n < 20; n++) lines.push(await greet());
      return lines.every((line) => line.includes(other));
    });
    expect(await open.ask('still here')).toBe('still here');
    await open.stop();
    expect(greeters.every(({ hits }) => hits > 0)).toBe(true);
  });
});

it('shows the split in explain', async () => {
  const host = write('shown', { 'migrate-to': 'pods', 'migrate-weight': '30' });
  await see(host).catch(() => untilAnswers(host));
  const text = JSON.stringify(await world.admin('/api/explain/Service/shop/shown'));
  expect(text).toContain('"role":"share","percent":70,"service":"shop_shown_80"');
  expect(text).toContain('"role":"share","percent":30,"service":"shop_pods_80"');
});
