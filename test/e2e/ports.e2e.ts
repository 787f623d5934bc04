import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readHeldPorts, type PoolPort } from './support/admin-data.ts';
import { tcpGreeter, udpEcho } from './support/backends.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { tcpConnect, udpAsk, type TcpOptions } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead } from './support/fairlead.ts';
import { toManifests, type ServiceManifest } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const COOLDOWN_MS = 2_000;
const mysql = { name: 'mysql', port: 3306 } as const;
const admin = { name: 'admin', port: 33062 } as const;

const cleanup = new Cleanup();

function toPool(range: string, more: object = {}): Record<string, unknown> {
  const pools = {
    tcp: { range, entryPoint: 'tcp-{port}' },
    udp: { range, entryPoint: 'udp-{port}' },
  };
  return {
    fleets: [
      {
        name: 'default',
        addresses: ['edge.test.com'],
        ports: { ...pools, requestable: null, cooldown: `${COOLDOWN_MS}ms`, ...more },
      },
    ],
  };
}

function toService(
  namespace: string,
  name: string,
  annotations: Record<string, string> = {},
  more: Partial<ServiceManifest> = {},
): string {
  const keys = Object.entries({ expose: 'true', ...annotations });
  return toManifests({
    namespace,
    name,
    annotations: Object.fromEntries(keys.map(([key, value]) => [`fairlead.dev/${key}`, value])),
    ports: [mysql],
    addresses: ['10.244.1.1'],
    ...more,
  });
}

async function listHeld(world: World, path: string): Promise<readonly PoolPort[]> {
  return (await readHeldPorts(world)).filter(({ holder }) => holder === `Service/${path}`);
}

/** The only port of a Service, once it has it. */
function waitForPort(world: World, path: string, ms = 5_000): Promise<number> {
  return eventually(`${path} holds a port`, ms, async () => (await listHeld(world, path))[0]?.port);
}

function waitForNoPort(world: World, path: string): Promise<boolean> {
  return eventually(`${path} holds no port`, 5_000, async () => (await listHeld(world, path)).length === 0);
}

/** What the server behind a pool port says first, once Traefik routes it. */
function greet(port: number, options: TcpOptions = {}): Promise<string> {
  return eventually(`a greeting on ${port}`, 5_000, () => greetOnce(port, options));
}

async function greetOnce(port: number, options: TcpOptions = {}): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port, options);
  try {
    return await connection.readLine(300);
  } finally {
    await connection.stop();
  }
}

const problemsSchema = z.object({
  problems: z.array(z.looseObject({ code: z.string(), object: z.string(), message: z.string() })),
});

async function listProblems(world: World, object: string): Promise<readonly string[]> {
  const answer = await world.admin('/api/problems');
  const { problems } = problemsSchema.parse(Array.isArray(answer) ? { problems: answer } : answer);
  return problems.filter((problem) => problem.object === object).map(({ code }) => code);
}

afterAll(() => cleanup.run());

describe('a pool of ten', () => {
  let world: World;
  beforeAll(async () => {
    world = cleanup.keep(
      await startWorld({
        config: toPool('20000-20009', { requestable: '20008-20009', maxPerNamespace: 3 }),
        backends: [
          () => tcpGreeter('10.244.1.1', 3306),
          () => tcpGreeter('10.244.1.2', 3306),
          () => tcpGreeter('10.244.1.1', 33062),
          () => tcpGreeter('10.244.1.1', 53),
          () => udpEcho('10.244.1.1', 53),
        ],
      }),
    );
  });
  afterAll(() => world.stop());

  it('gives all ports of a Service, or those that it names', async () => {
    world.write('all.yaml', toService('a', 'all', {}, { ports: [mysql, admin] }));
    world.write('some.yaml', toService('b', 'some', { expose: '33062' }, { ports: [mysql, admin] }));
    await waitForPort(world, 'a/all');
    await waitForPort(world, 'b/some');
    const all = await listHeld(world, 'a/all');
    expect(all.map(({ servicePort }) => servicePort)).toEqual([3306, 33062]);
    for (const { port, servicePort, addresses } of all) {
      expect(await greet(port)).toBe(`5.7.44-fairlead 10.244.1.1:${servicePort}`);
      expect(addresses).toEqual([`edge.test.com:${port}`]);
    }
    const some = await listHeld(world, 'b/some');
    expect(some.map(({ servicePort }) => servicePort)).toEqual([33062]);
    expect(await greet(some[0]?.port ?? 0)).toBe('5.7.44-fairlead 10.244.1.1:33062');
    world.remove('all.yaml');
    world.remove('some.yaml');
    await waitForNoPort(world, 'b/some');
  });

  it('gives the port that is asked for, and tells who has it already', async () => {
    world.write('directive.yaml', toService('a', 'directive', { 'request-port.3306': '20009' }));
    expect(await waitForPort(world, 'a/directive')).toBe(20_009);
    expect(await greet(20_009)).toContain('10.244.1.1:3306');
    world.write('late.yaml', toService('b', 'late', { 'request-port.mysql': '20009' }));
    await eventually('the refusal', 5_000, async () =>
      (await listProblems(world, 'Service/b/late')).includes('port-request-refused'),
    );
    expect((await listHeld(world, 'b/late')).map(({ port }) => port)).not.toContain(20_009);
    expect(await waitForPort(world, 'a/directive')).toBe(20_009);
    world.remove('directive.yaml');
    world.remove('late.yaml');
  });

  it('gives a DNS server one number on both protocols', async () => {
    const ports = [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ] as const;
    world.write('dns.yaml', toService('dns', 'server', {}, { ports }));
    const port = await waitForPort(world, 'dns/server');
    expect(await listHeld(world, 'dns/server')).toMatchObject([{ port, protocols: ['tcp', 'udp'] }]);
    expect(await greet(port)).toBe('5.7.44-fairlead 10.244.1.1:53');
    expect(await eventually('an answer over UDP', 5_000, () => udpAsk('127.0.0.1', port, 'who?', 300))).toBe(
      '10.244.1.1:53 who?',
    );
    world.remove('dns.yaml');
  });

  it('gives a Service its port back when it returns', async () => {
    world.write('gone.yaml', toService('a', 'gone'));
    const port = await waitForPort(world, 'a/gone');
    await greet(port);
    world.remove('gone.yaml');
    await waitForNoPort(world, 'a/gone');
    await world.waitFor(({ tcpRouters }) => tcpRouters['a_gone_3306@http'] === undefined);
    await expect(greetOnce(port)).rejects.toThrow(/nothing came in time|ended/);
    const { stdout } = await runFairlead(['explain', 'Service/a/gone', '--server', world.fairlead.adminUrl]);
    // The cooldown may have ended by now.
    expect(stdout).toMatch(new RegExp(`No source has it now. .*ool port ${port} of fleet default`));
    const history = await runFairlead(['ports', '--history', '--server', world.fairlead.adminUrl]);
    const row = String.raw`^default +${port}/tcp +Service/a/gone +3306 +\S+Z +\S+Z$`;
    expect(history.stdout).toMatch(new RegExp(row, 'm'));
    expect(world.fairlead.logs()).toMatch(
      new RegExp(`"object":"Service/a/gone".*"addresses":\\["edge.test.com:${port}"\\].*pool port allocated`),
    );
    expect(world.fairlead.logs()).toContain('pool port released');
    world.write('other.yaml', toService('a', 'other'));
    expect(await waitForPort(world, 'a/other')).not.toBe(port);
    world.write('gone.yaml', toService('a', 'gone'));
    expect(await waitForPort(world, 'a/gone')).toBe(port);
    expect(await greet(port)).toContain('10.244.1.1:3306');
    world.remove('gone.yaml');
    world.remove('other.yaml');
  });

  it('lets nobody in from outside the allow-list of a pool port', async () => {
    world.write('shut.yaml', toService('c', 'shut', { 'allow-cidrs': '192.168.7.0/24' }));
    const port = await waitForPort(world, 'c/shut');
    expect(await greet(port, { from: '192.168.7.9' })).toContain('10.244.1.1:3306');
    await expect(greetOnce(port, { from: '192.168.8.9' })).rejects.toThrow(/ended|nothing came/);
    // A list that cannot be used lets nobody in at all.
    world.write('shut.yaml', toService('c', 'shut', { 'allow-cidrs': '192.168.7.0/99' }));
    await eventually('the port is shut', 5_000, async () => {
      const inside = await greetOnce(port, { from: '192.168.7.9' }).catch(() => 'shut');
      return inside === 'shut';
    });
    expect(await waitForPort(world, 'c/shut')).toBe(port);
    expect(await listProblems(world, 'Service/c/shut')).toEqual(['access-limit-unusable']);
    world.remove('shut.yaml');
  });

  it('shares connections by weight', async () => {
    const annotations = { weights: '10.244.1.1=3,10.244.1.2=1' };
    const addresses = ['10.244.1.1', '10.244.1.2'];
    world.write('heavy.yaml', toService('d', 'heavy', annotations, { addresses }));
    const port = await waitForPort(world, 'd/heavy');
    await greet(port);
    const greetings: string[] = [];
    for (let n = 0; n < 16; n++) greetings.push(await greetOnce(port));
    expect(greetings.filter((text) => text.includes('10.244.1.1:'))).toHaveLength(12);
    expect(greetings.filter((text) => text.includes('10.244.1.2:'))).toHaveLength(4);
    world.remove('heavy.yaml');
  });

  it('gives a namespace no more than its quota, until it gives one back', async () => {
    const names = ['n1', 'n2', 'n3'];
    for (const name of names) world.write(`${name}.yaml`, toService('q', name));
    for (const name of names) await waitForPort(world, `q/${name}`);
    world.write('n4.yaml', toService('q', 'n4'));
    await eventually('the quota is reported', 5_000, async () =>
      (await listProblems(world, 'Service/q/n4')).includes('port-quota-exceeded'),
    );
    world.write('x.yaml', toService('x', 'x'));
    await waitForPort(world, 'x/x');
    expect(await listHeld(world, 'q/n4')).toEqual([]);
    world.remove('n1.yaml');
    expect(await greet(await waitForPort(world, 'q/n4'))).toContain('10.244.1.1:3306');
    for (const name of ['n2', 'n3', 'n4', 'x']) world.remove(`${name}.yaml`);
  });
});

describe('a pool of three', () => {
  let world: World;
  beforeAll(async () => {
    world = cleanup.keep(
      await startWorld({
        config: toPool('20100-20102'),
        backends: [() => tcpGreeter('10.244.1.1', 3306)],
      }),
    );
  });
  afterAll(() => world.stop());

  it('moves nothing when it is exhausted, and serves who waits when a port has cooled down', async () => {
    for (const name of ['a', 'b', 'c']) world.write(`${name}.yaml`, toService('rds', name));
    const ports = await Promise.all(['a', 'b', 'c'].map((name) => waitForPort(world, `rds/${name}`)));
    expect(new Set(ports)).toEqual(new Set([20_100, 20_101, 20_102]));
    world.write('d.yaml', toService('rds', 'd'));
    await eventually('the exhaustion is reported', 5_000, async () =>
      (await listProblems(world, 'Service/rds/d')).includes('pool-exhausted'),
    );
    const { stdout } = await runFairlead(['ports', '--server', world.fairlead.adminUrl]);
    expect(stdout).toMatch(/^default {2}tcp 20100-20102 +all +3 +3 +0 +0$/m);
    for (const [n, name] of ['a', 'b', 'c'].entries()) {
      const line = String.raw`^default +${ports[n]}/tcp +held +Service/rds/${name} +3306 +\S+ +edge\.test\.com:${ports[n]}$`;
      expect(stdout).toMatch(new RegExp(line, 'm'));
    }
    expect(stdout).toMatch(
      /error pool-exhausted Service\/rds\/d .*No port is free in the TCP pool 20100-20102/,
    );
    expect(await Promise.all(['a', 'b', 'c'].map((name) => waitForPort(world, `rds/${name}`)))).toEqual(
      ports,
    );

    const [freed = 0] = ports;
    const before = performance.now();
    world.remove('a.yaml');
    expect(await waitForPort(world, 'rds/d')).toBe(freed);
    expect(performance.now() - before).toBeGreaterThan(COOLDOWN_MS);
    expect(await greet(freed)).toContain('10.244.1.1:3306');
    expect(await listProblems(world, 'Service/rds/d')).toEqual([]);
  });

  it('keeps what still lies in it when it was made smaller, and tells the rest', async () => {
    const before = await readHeldPorts(world);
    await world.restartFairlead('stop', toPool('20100-20101'));
    expect(await readHeldPorts(world)).toEqual(before.filter(({ port }) => port < 20_102));
    for (const port of [20_100, 20_101]) expect(await greet(port)).toContain('10.244.1.1:3306');
    const lost = before.find(({ port }) => port === 20_102)?.holder ?? '';
    expect(await listProblems(world, lost)).toEqual(['pool-port-lost']);
    await world.waitFor(
      ({ tcpRouters }) => Object.keys(tcpRouters).filter((name) => name !== 'closed@http').length === 2,
    );
    await world.restartFairlead('crash', toPool('20100-20102'));
    expect(await readHeldPorts(world)).toEqual(before);
    expect(await greet(20_102)).toContain('10.244.1.1:3306');
  });
});

const ledgerSchema = z.looseObject({
  kind: z.literal('FairleadPorts'),
  entries: z.array(
    z.looseObject({ port: z.number(), state: z.string(), namespace: z.string(), name: z.string() }),
  ),
});

describe('kill -9', () => {
  it('at any moment leaves a ledger that holds each port once, and moves nobody', async () => {
    const temp = makeTempFolder();
    const folder = join(temp.path, 'manifests');
    const ledger = join(temp.path, 'ports.json');
    mkdirSync(folder);
    const config = {
      sources: [{ name: 'manifests', directory: { path: folder } }],
      ledger: { file: ledger },
      ...toPool('20000-20199', { cooldown: '10m' }),
    };
    const readLedger = (): Map<string, number> => {
      const { entries } = ledgerSchema.parse(JSON.parse(readFileSync(ledger, 'utf8')));
      expect(new Set(entries.map(({ port }) => port)).size).toBe(entries.length);
      return new Map(entries.map(({ namespace, name, port }) => [`${namespace}/${name}`, port]));
    };
    for (let n = 0; n < 20; n++) writeFileSync(join(folder, `s${n}.yaml`), toService('stay', `s${n}`));
    let known = new Map<string, number>();
    let next = 0;
    for (let kill = 0; kill < 10; kill++) {
      const fairlead = await startFairlead({ cwd: temp.path, config });
      const churn = (async (): Promise<void> => {
        // Sooner or later within the churn, so that another moment of the work is hit each time.
        const end = performance.now() + 20 + Math.random() * 250;
        while (performance.now() < end) {
          writeFileSync(join(folder, `c${next}.yaml`), toService('churn', `c${next}`));
          if (next % 3 === 2) rmSync(join(folder, `c${next - 1}.yaml`));
          next += 1;
          await sleep(10 + Math.random() * 20);
        }
      })();
      await churn;
      await fairlead.crash();
      const now = readLedger();
      // Nobody loses a port to the crash, whether it is held or cools down; and nobody is moved.
      for (const [holder, port] of known) expect([holder, now.get(holder)]).toEqual([holder, port]);
      known = now;
    }
    expect([...known.keys()].filter((holder) => holder.startsWith('stay/'))).toHaveLength(20);
    const { status, stdout } = await runFairlead(['ports', '-c', join(temp.path, 'fairlead.yaml')]);
    expect(status).toBe(0);
    expect(stdout).toContain('Service/stay/s19');
    temp.remove();
  });
});
