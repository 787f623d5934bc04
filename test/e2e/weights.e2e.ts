import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { findPort, readHeldPorts } from './support/admin-data.ts';
import { httpEcho, tcpGreeter, udpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { udpAsk } from './support/client.ts';
import { readGreeting, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { askServer, Load } from './support/load.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// Each machine has a slice of its own with its weight in it: the shares that real clients get of it.

const cleanup = new Cleanup();
let world: World;

const ports = [
  { name: 'http', port: 8080 },
  { name: 'sql', port: 3306 },
  { name: 'dns', port: 53, protocol: 'UDP' as const },
];
const machines = ['10.244.8.1', '10.244.8.2', '10.244.8.3'];
const requests = Number(process.env['FAIRLEAD_WEIGHT_REQUESTS'] ?? 1_000);

/** What an operator writes for one machine. */
function writeMachine(address: string, weight: number): void {
  const name = `app-${address.replaceAll('.', '-')}`;
  world.write(
    `${name}.yaml`,
    stringify({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name,
        namespace: 'shop',
        labels: { 'kubernetes.io/service-name': 'app' },
        annotations: { 'fairlead.dev/weights': `${address}=${weight}` },
      },
      addressType: 'IPv4',
      ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
      endpoints: [{ addresses: [address] }],
    }),
  );
}

async function findPoolPort(servicePort: number): Promise<number> {
  await eventually('the port', 5_000, async () => (await readHeldPorts(world)).length >= 2);
  return findPort(world, 'Service/shop/app', servicePort);
}

/** How many of the answers name each machine. */
function count(answers: readonly string[]): readonly number[] {
  return machines.map((machine) => answers.filter((answer) => answer.includes(`${machine}:`)).length);
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

const askKept = (): Promise<string> => askServer('app.test', agent);

beforeAll(async () => {
  const all = machines.flatMap((address) => [
    () => httpEcho(address, 8080),
    () => tcpGreeter(address, 3306),
    () => udpEcho(address, 53),
  ]);
  const range = '20400-20409';
  const pool = { tcp: { range }, udp: { range }, requestable: null };
  world = cleanup.keep(
    await startWorld({ backends: all, config: { fleets: [{ name: 'default', ports: pool }] } }),
  );
  world.write(
    'app.yaml',
    toManifests({
      namespace: 'shop',
      name: 'app',
      annotations: { 'fairlead.dev/host': 'app.test', 'fairlead.dev/expose': 'sql,dns' },
      ports,
      addresses: [],
    }),
  );
  machines.forEach((address, index) => writeMachine(address, [7, 2, 1][index] ?? 1));
  await world.waitFor(
    ({ routers, tcpRouters, udpRouters }) =>
      Object.keys(routers).some((name) => name.includes('app.test')) &&
      'shop_app_3306@http' in tcpRouters &&
      'shop_app_53@http' in udpRouters,
  );
  for (const address of machines)
    await eventually(`${address} serves`, 10_000, async () =>
      (await see('app.test')).backend.startsWith(address),
    );
});
afterAll(async () => {
  agent.destroy();
  await cleanup.run();
});

describe('weights of slices', () => {
  it('divide HTTP requests', async () => {
    const answers: string[] = [];
    for (let n = 0; n < requests; n += 10)
      answers.push(...(await Promise.all(Array.from({ length: 10 }, askKept))));
    const shares = count(answers);
    process.stdout.write(`weights 7:2:1 of ${answers.length} requests: ${shares.join(', ')}\n`);
    // Round robin by weight: no share is further off than a few turns.
    [0.7, 0.2, 0.1].forEach((share, index) => {
      expect(Math.abs((shares[index] ?? 0) - share * answers.length)).toBeLessThanOrEqual(10);
    });
  });

  it('divide connections', async () => {
    const port = await findPoolPort(3306);
    const answers: string[] = [];
    for (let n = 0; n < 100; n++) answers.push(await readGreeting('127.0.0.1', port));
    expect(count(answers)).toEqual([70, 20, 10]);
  });

  it('divide the clients of UDP', async () => {
    const port = await findPoolPort(53);
    const answers: string[] = [];
    for (let n = 0; n < 50; n++) answers.push(await udpAsk('127.0.0.1', port, 'ask'));
    expect(count(answers)).toEqual([35, 10, 5]);
  });

  it('take a machine out at 0, with not one request lost', async () => {
    const load = new Load('app.test');
    writeMachine('10.244.8.1', 0);
    await eventually('it is out', 5_000, async () => {
      const before = load.count;
      await eventually('some answers', 5_000, () => load.count > before + 20);
      return count(load.since(before))[0] === 0;
    });
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(await readGreeting('127.0.0.1', await findPoolPort(3306))).not.toContain('10.244.8.1');
  });
});
