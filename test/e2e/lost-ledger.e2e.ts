import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApiServer } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { startReplicas, type Replicas } from './support/replicas.ts';

const program = findApiServer('a ledger that is lost');
const ports = { tcp: { range: '20000-20009' }, udp: null, requestable: '20008-20009', maxPerNamespace: 2 };

describe.skipIf(program === undefined)('a ledger that is lost', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
  }, 60_000);
  afterAll(() => cleanup.run());

  const start = (): Promise<Replicas> =>
    startReplicas({ cluster, count: 1, config: { fleets: [{ name: 'default', ports }] } });

  async function expose(name: string, ...annotations: readonly string[]): Promise<void> {
    const numbers = Array.from({ length: 3 }, (_, index) => `--tcp=${index + 1}:${index + 1}`);
    await cluster.kubectl('create', 'namespace', name);
    await cluster.kubectl('-n', name, 'create', 'service', 'clusterip', 'db', ...numbers);
    const all = ['fairlead.dev/expose=1,2,3', ...annotations];
    await cluster.kubectl('-n', name, 'annotate', 'service', 'db', ...all);
  }

  async function readPorts(name: string): Promise<readonly string[]> {
    const keys = [1, 2, 3].map((port) => String.raw`{.metadata.annotations.tcp\.fairlead\.dev/${port}}`);
    const text = await cluster.kubectl(
      '-n',
      name,
      'get',
      'service',
      'db',
      '-o',
      `jsonpath=${keys.join(',')}`,
    );
    return text.split(',').filter((port) => port !== '');
  }

  it('is made of what Fairlead wrote, and of nothing that others wrote', async () => {
    // The older one: it would win every port that it names.
    await expose('evil', 'tcp.fairlead.dev/1=20001', 'tcp.fairlead.dev/2=20002', 'tcp.fairlead.dev/3=20009');
    const first = await start();
    // On the first day nothing is made of anything: the lowest ports are handed out, within the quota.
    await eventually(
      'ports on the first day',
      20_000,
      async () => (await readPorts('evil')).join() === '20000,20001',
    );
    await expose('good');
    await eventually(
      'the ports of the good one',
      20_000,
      async () => (await readPorts('good')).join() === '20002,20003',
    );
    await first.stop();
    await cluster.kubectl('-n', 'fairlead-system', 'delete', 'configmap', 'fairlead-ports');
    const forged = ['tcp.fairlead.dev/1=20002', 'tcp.fairlead.dev/2=20003', 'tcp.fairlead.dev/3=20008'];
    await cluster.kubectl('-n', 'evil', 'annotate', 'service', 'db', '--overwrite', ...forged);
    cleanup.keep(await start());
    await eventually('no forged port is left', 20_000, async () => {
      const evil = await readPorts('evil');
      return evil.length === 2 && !evil.some((port) => forged.some((text) => text.endsWith(port)));
    });
    expect(await readPorts('good')).toEqual(['20002', '20003']);
  }, 90_000);
});
