import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeldPorts, readProblems, type PoolPort } from './support/admin-data.ts';
import { tcpGreeter, udpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, udpAsk } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { toManifests, type ServicePort } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const mysql = { name: 'mysql', port: 3306 } as const;
const rtp = [10000, 10001, 10002, 10003].map((port, index): ServicePort => ({
  name: `rtp-${index}`,
  port,
  protocol: 'UDP',
}));
const games = {
  name: 'games',
  tcp: { range: '27000-27009' },
  udp: { range: '27000-27009' },
  namespaces: ['game-*'],
  maxPerNamespace: 5,
  cooldown: '1s',
};

/** With a pool for all, and one for some that may say otherwise. */
const toFleet = (change: object): object => ({
  name: 'default',
  addresses: ['edge.test.com'],
  ports: { tcp: { range: '20000-20009' }, udp: { range: '20000-20009' }, requestable: null, cooldown: '1s' },
  pools: [{ ...games, ...change }],
});

const cleanup = new Cleanup();
let world: World;

function toService(
  path: string,
  annotations: Readonly<Record<string, string>> = {},
  ports: readonly ServicePort[] = [mysql],
): string {
  const [namespace = '', name = ''] = path.split('/');
  const keys = Object.entries({ expose: 'true', ...annotations });
  return toManifests({
    namespace,
    name,
    annotations: Object.fromEntries(keys.map(([key, value]) => [`fairlead.dev/${key}`, value])),
    ports,
    addresses: ['10.244.1.1'],
  });
}

async function listHeld(path: string): Promise<readonly PoolPort[]> {
  return (await readHeldPorts(world)).filter(({ holder }) => holder === `Service/${path}`);
}

/** The pool ports of a Service, in the order of its own, once it has so many. */
function waitForPorts(path: string, count = 1): Promise<readonly number[]> {
  return eventually(`${path} holds ${count} ports`, 5_000, async () => {
    const held = await listHeld(path);
    if (held.length !== count) return undefined;
    return held.toSorted((a, b) => a.servicePort - b.servicePort).map(({ port }) => port);
  });
}

async function greet(port: number): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port);
  try {
    return await connection.readLine(300);
  } finally {
    await connection.stop();
  }
}

/** Starts Fairlead again with other settings of the pool for some. */
function changePool(change: object): Promise<void> {
  return world.restartFairlead('stop', { fleets: [toFleet(change)] });
}

function waitForProblem(path: string, code: string): Promise<string> {
  return eventually(`${path} has the problem ${code}`, 5_000, async () => {
    const problems = await readProblems(world);
    const found = problems.find((each) => each.code === code && each['object'] === `Service/${path}`);
    return found === undefined ? undefined : `${String(found['message'])} ${String(found['hint'])}`;
  });
}

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [toFleet({})],
      },
      backends: [
        () => tcpGreeter('10.244.1.1', 3306),
        ...rtp.map(
          ({ port }) =>
            () =>
              udpEcho('10.244.1.1', port),
        ),
      ],
    }),
  );
});
afterAll(() => cleanup.run());

describe('a pool for some namespaces', () => {
  it('is that of a Service there, and is served', async () => {
    world.write('game.yaml', toService('game-one/db'));
    world.write('rds.yaml', toService('rds/db'));
    expect(await waitForPorts('game-one/db')).toEqual([27000]);
    expect(await waitForPorts('rds/db')).toEqual([20000]);
    expect(await eventually('a greeting on 27000', 5_000, () => greet(27000))).toContain('10.244.1.1:3306');
    expect(await eventually('a greeting on 20000', 5_000, () => greet(20000))).toContain('10.244.1.1:3306');
  });

  it('is refused to others, who are told which they may use, and keep what they have', async () => {
    world.write('thief.yaml', toService('rds/thief', { pool: 'games', 'request-port.mysql': '27001' }));
    world.write('rds.yaml', toService('rds/db', { pool: 'games' }));
    expect(await waitForProblem('rds/thief', 'pool-refused')).toMatch(
      /"games" for namespace rds.*one of default/,
    );
    await waitForProblem('rds/db', 'pool-refused');
    expect(await listHeld('rds/thief')).toEqual([]);
    expect(await waitForPorts('rds/db')).toEqual([20000]);
    expect(await greet(20000)).toContain('10.244.1.1:3306');
    world.remove('thief.yaml');
    world.write('rds.yaml', toService('rds/db'));
  });

  it('takes in who asks for it by name, and the old port is closed', async () => {
    world.write('game.yaml', toService('game-one/db', { pool: 'default' }));
    const port = await eventually('game-one/db has moved', 5_000, async () => {
      const [held] = await listHeld('game-one/db');
      return held !== undefined && held.port < 27000 ? held.port : undefined;
    });
    expect(await eventually(`a greeting on ${port}`, 5_000, () => greet(port))).toContain('10.244.1.1:3306');
    await eventually('27000 is closed', 5_000, async () => (await greet(27000).catch(() => '')) === '');
  });
});

describe('consecutive ports', () => {
  const annotations = { expose: 'rtp*', contiguous: 'true' };

  it('carry RTP over UDP, each to its own port', async () => {
    world.write('media.yaml', toService('game-two/media', annotations, [mysql, ...rtp]));
    const ports = await waitForPorts('game-two/media', 4);
    const [first = 0] = ports;
    expect(ports).toEqual([first, first + 1, first + 2, first + 3]);
    expect(first).toBeGreaterThanOrEqual(27000);
    for (const [index, port] of ports.entries()) {
      const answer = await eventually(`an answer on ${port}`, 5_000, () =>
        // A datagram that came before the route is lost.
        udpAsk('127.0.0.1', port, 'ping', 300),
      );
      expect(answer).toContain(`10.244.1.1:${10000 + index}`);
    }
  });

  it('are all refused when there is no room for all, and the others are served as before', async () => {
    const before = await waitForPorts('game-two/media', 4);
    world.write('other.yaml', toService('game-two/other', annotations, rtp));
    expect(await waitForProblem('game-two/other', 'port-quota-exceeded')).toContain(
      '4 are asked for together',
    );
    world.write('long.yaml', toService('game-three/long', annotations, [...rtp, ...toMore(5)]));
    expect(await waitForProblem('game-three/long', 'port-quota-exceeded')).toContain(
      '9 are asked for together',
    );
    expect(await listHeld('game-two/other')).toEqual([]);
    expect(await waitForPorts('game-two/media', 4)).toEqual(before);
    world.remove('other.yaml');
    world.remove('long.yaml');
  });

  it('stay when the pool is not for their namespace any more, and when it has another name', async () => {
    const before = await waitForPorts('game-two/media', 4);
    await changePool({ namespaces: ['arcade'] });
    expect(await waitForProblem('game-two/media', 'pool-port-kept')).toContain(String(before[0]));
    await changePool({ name: 'arcade' });
    expect(await waitForPorts('game-two/media', 4)).toEqual(before);
    const answer = await eventually('an answer', 5_000, () => udpAsk('127.0.0.1', before[0] ?? 0, 'ping'));
    expect(answer).toContain('10.244.1.1:10000');
  });

  it('stand in fairlead ports with their pool and namespace', async () => {
    const { stdout } = await runFairlead(['ports', '--server', world.fairlead.adminUrl], { cwd: world.root });
    expect(stdout).toMatch(/default +arcade +udp 27000-27009/);
    expect(stdout).toMatch(/default +arcade +game-two +4 +0 +5/);
  });
});

function toMore(count: number): readonly ServicePort[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `rtp-${index + 10}`,
    port: 10010 + index,
    protocol: 'UDP',
  }));
}
