import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPort, readHeldPorts, readProblems } from './support/admin-data.ts';
import { findApiServerOrFake, type Manifest } from './support/apiserver.ts';
import { httpEcho, tcpGreeter, udpEcho } from './support/backends.ts';
import type { Backend } from './support/backend.ts';
import { Cleanup } from './support/cleanup.ts';
import { udpAsk } from './support/client.ts';
import { startCluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startReplicas, type Replicas } from './support/replicas.ts';
import { startWorld, type World } from './support/world.ts';

// Traefik cannot check UDP servers. Fairlead does, at a port beside the one that is served.

const addresses = ['10.244.9.1', '10.244.9.2'] as const;
const [first, second] = addresses;

/** Who answers several clients. */
async function listAnswering(port: number): Promise<readonly string[]> {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => udpAsk('127.0.0.1', port, 'who?', 1_000).catch(() => 'nobody ')),
  );
  return [...new Set(answers.map((answer) => answer.split(/[: ]/)[0] ?? ''))].sort();
}

const untilAnswering = (port: number, wanted: readonly string[]) =>
  eventually(`answers of ${wanted.join()}`, 20_000, async () => {
    const answering = await listAnswering(port);
    return answering.join() === wanted.join() ? answering : undefined;
  });

describe('an endpoint of a UDP port', () => {
  const cleanup = new Cleanup();
  let world: World;

  beforeAll(async () => {
    for (const address of addresses) cleanup.keep(await udpEcho(address, 7777));
    const ports = { tcp: null, udp: { range: '20340-20349' }, requestable: null };
    world = cleanup.keep(await startWorld({ config: { fleets: [{ name: 'default', ports }] } }));
  });
  afterAll(() => cleanup.run());

  async function startGame(name: string, annotations: Readonly<Record<string, string>>): Promise<number> {
    world.write(
      `${name}.yaml`,
      toManifests({
        namespace: 'games',
        name,
        annotations: { 'fairlead.dev/expose': 'true', 'fairlead.dev/health-interval': '1s', ...annotations },
        ports: [{ name: 'game', port: 7777, protocol: 'UDP' }],
        addresses,
      }),
    );
    await eventually('the port', 5_000, async () =>
      (await readHeldPorts(world)).some(({ holder }) => holder === `Service/games/${name}`),
    );
    const port = await findPort(world, `Service/games/${name}`, 7777);
    await world.waitFor(({ udpRouters }) => `games_${name}_7777@http` in udpRouters);
    return port;
  }

  it.each([
    ['tcp', {}, (address: string) => tcpGreeter(address, 8080)],
    ['http', { 'fairlead.dev/health-path': '/up' }, (address: string) => httpEcho(address, 8080)],
  ] as const)(
    'is taken out when it fails a check by %s, and brought back',
    async (name, annotations, serve) => {
      const sides: Backend[] = [];
      for (const address of addresses) sides.push(cleanup.keep(await serve(address)));
      const port = await startGame(name, { 'fairlead.dev/health-port': '8080', ...annotations });
      await untilAnswering(port, addresses);
      await sides[0]?.stop();
      await untilAnswering(port, [second]);
      expect(await readProblems(world)).toMatchObject([{ code: 'health-check-failing' }]);
      // With the other one as well all fail, and all stay.
      await sides[1]?.stop();
      await untilAnswering(port, addresses);
      const again = await Promise.all(addresses.map((address) => serve(address)));
      for (const side of again) cleanup.keep(side);
      await eventually('no problem', 20_000, async () => (await readProblems(world)).length === 0);
      await untilAnswering(port, addresses);
      for (const side of again) await side.stop();
      world.remove(`${name}.yaml`);
    },
  );
});

const toObjects = (): readonly Manifest[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'game',
      namespace: 'default',
      annotations: {
        'fairlead.dev/expose': 'true',
        'fairlead.dev/health-port': '8081',
        'fairlead.dev/health-interval': '1s',
      },
    },
    spec: { clusterIP: 'None', ports: [{ name: 'game', port: 7777, protocol: 'UDP' }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'game-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'game' } },
    addressType: 'IPv4',
    ports: [{ name: 'game', port: 7777, protocol: 'UDP' }],
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  },
];

describe('two replicas', () => {
  const cleanup = new Cleanup();
  let replicas: Replicas;
  const sides: Backend[] = [];

  beforeAll(async () => {
    for (const address of addresses) sides.push(cleanup.keep(await tcpGreeter(address, 8081)));
    const cluster = await startCluster(findApiServerOrFake());
    cleanup.keep(cluster);
    await cluster.server.apply(...toObjects());
    replicas = cleanup.keep(await startReplicas({ cluster, count: 2, config: {} }));
    await replicas.untilReady();
  });
  afterAll(() => cleanup.run());

  const readBody = async (index: number): Promise<string> => {
    const { listen } = replicas.get(index);
    return (await fetch(`http://${listen.provider}/traefik/default`)).text();
  };

  /** Both say the same, with these servers. */
  const untilServing = (wanted: readonly string[]) =>
    eventually(`${wanted.join()} in both`, 60_000, async () => {
      const [one, other] = await Promise.all([readBody(0), readBody(1)]);
      const served = [...(one ?? '').matchAll(/"address":"([\d.]+):7777"/g)].map(([, address]) => address);
      return one === other && served.join() === wanted.join();
    });

  it('serve the same, also after the death of the one that checks', { timeout: 180_000 }, async () => {
    await untilServing(addresses);
    await sides[0]?.stop();
    await untilServing([second]);
    // Whichever leads: the other one goes on from what is known.
    for (const index of [0, 1]) {
      await replicas.restart(index);
      await replicas.untilReady();
      expect(await readBody(index)).not.toContain(`"${first}:7777"`);
    }
    cleanup.keep(await tcpGreeter(first, 8081));
    await untilServing(addresses);
  });
});
