import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { slowness } from '../support/slowness.ts';
import { findApiServer } from './support/apiserver.ts';
import { httpEcho, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { ask, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { Load } from './support/load.ts';
import { startWorld, type World } from './support/world.ts';

// A Deployment is updated while clients ask all the time. What its controllers do to the EndpointSlice is done here, step by step,
// each later than what it tells of: a pod serves some time before it is called ready, and is called terminating some time after it was
// told to end. As in Kubernetes it goes on serving for its grace period.

const program = findApiServer('rolling updates');
const lagMs = 300 * slowness();

interface Pod {
  readonly address: string;
  readonly state: 'ready' | 'starting' | 'terminating';
}

const conditions = {
  starting: { ready: false, serving: false, terminating: false },
  ready: { ready: true, serving: true, terminating: false },
  terminating: { ready: false, serving: true, terminating: true },
} as const;

const host = 'rolling.test';

function toObjects(pods: readonly Pod[]): string {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'app', namespace: 'default', annotations: { 'fairlead.dev/host': host } },
    spec: { selector: { app: 'app' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'app-x7k2p',
      namespace: 'default',
      labels: {
        'kubernetes.io/service-name': 'app',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: pods.map(({ address, state }) => ({ addresses: [address], conditions: conditions[state] })),
  };
  return [service, slice].map((object) => stringify(object)).join('---\n');
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(program === undefined)('a rolling update', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let world: World;
  let pods: readonly Pod[] = [];
  const servers = new Map<string, HttpEcho>();

  const start = async (address: string): Promise<void> => {
    servers.set(address, cleanup.keep(await httpEcho(address, 8080)));
  };
  const publish = async (...next: readonly Pod[]): Promise<void> => {
    pods = next;
    await cluster.apply(toObjects(pods));
  };
  const change = (address: string, state: Pod['state'] | 'gone'): Promise<void> => {
    const others = pods.filter((pod) => pod.address !== address);
    return publish(...others, ...(state === 'gone' ? [] : [{ address, state }]));
  };
  /** What the pod of an old version goes through. */
  const end = async (address: string): Promise<void> => {
    await wait(lagMs);
    await change(address, 'terminating');
    await wait(3 * lagMs);
    await servers.get(address)?.stop();
    await wait(lagMs);
    await change(address, 'gone');
  };
  /** What the pod of a new version goes through. */
  const begin = async (address: string): Promise<void> => {
    await change(address, 'starting');
    await wait(lagMs);
    await start(address);
    await wait(lagMs);
    await change(address, 'ready');
  };

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    world = cleanup.keep(
      await startWorld({
        config: { sources: [{ name: 'prod', kubernetes: { kubeconfig: cluster.kubeconfig } }] },
      }),
    );
    const first = ['10.244.9.1', '10.244.9.2', '10.244.9.3'];
    for (const address of first) await start(address);
    await publish(...first.map((address) => ({ address, state: 'ready' as const })));
    await world.waitFor(({ routers }) => Object.keys(routers).some((name) => name.includes(host)));
    await eventually('it is served', 10_000, () => see(host));
  }, 60_000);
  afterAll(() => cleanup.run());

  it('of three pods loses no request', async () => {
    const load = new Load(host, 6);
    for (const number of [1, 2, 3]) {
      await begin(`10.244.9.1${number}`);
      await end(`10.244.9.${number}`);
    }
    const before = load.count;
    await eventually('some answers', 5_000, () => load.count > before + 30);
    const latest = new Set(load.since(before));
    const { servers: answered, failures } = await load.stop();
    process.stdout.write(`rolling update: ${answered.length} requests, ${failures.length} failed\n`);
    expect(failures).toEqual([]);
    expect([...latest].toSorted()).toEqual(['10.244.9.11:8080', '10.244.9.12:8080', '10.244.9.13:8080']);
  }, 120_000);

  it('of the only pod goes on with the one that ends, until the new one is ready', async () => {
    await start('10.244.9.20');
    await publish({ address: '10.244.9.20', state: 'ready' });
    await eventually('only one is left', 5_000, async () => {
      const seen = await Promise.all(Array.from({ length: 9 }, () => see(host)));
      return seen.every(({ backend }) => backend === '10.244.9.20:8080');
    });
    const load = new Load(host, 6);
    await publish({ address: '10.244.9.20', state: 'terminating' });
    await change('10.244.9.21', 'starting');
    await wait(2 * lagMs);
    await start('10.244.9.21');
    await wait(lagMs);
    await change('10.244.9.21', 'ready');
    await end('10.244.9.20');
    const { servers: answered, failures } = await load.stop();
    process.stdout.write(`the only pod: ${answered.length} requests, ${failures.length} failed\n`);
    expect(failures).toEqual([]);
    expect(new Set(answered)).toEqual(new Set(['10.244.9.20:8080', '10.244.9.21:8080']));
  }, 120_000);

  it('lets a request finish at a pod that is gone from the slice', async () => {
    await start('10.244.9.30');
    await publish({ address: '10.244.9.30', state: 'ready' });
    await eventually('it is there', 5_000, async () => (await see(host)).backend === '10.244.9.30:8080');
    await servers.get('10.244.9.30')?.behave({ kind: 'slow', ms: 10 * lagMs });
    const slow = ask(host, { timeoutMs: 60_000 });
    await eventually('it has been asked', 5_000, () => (servers.get('10.244.9.30')?.hits ?? 0) > 1);
    await start('10.244.9.31');
    await publish({ address: '10.244.9.31', state: 'ready' });
    await eventually('others go elsewhere', 5_000, async () => {
      const { status, body } = await ask(host, { timeoutMs: 1_000 });
      return status === 200 && body.includes('10.244.9.31:8080');
    });
    expect(await slow).toMatchObject({
      status: 200,
      body: expect.stringContaining('10.244.9.30:8080') as string,
    });
  }, 120_000);
});
