import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { findApiServerOrFake, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { tcpGreeter } from './support/backends.ts';
import { readBanks, startBank, untilBank } from './support/banks.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { startFairlead, type Fairlead } from './support/fairlead.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { tcpConnect } from './support/socket-client.ts';

const address = '10.244.1.17';
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const configMaps = '/api/v1/namespaces/fairlead-system/configmaps';

const toService = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'rds', annotations: { 'fairlead.dev/expose': 'true' } },
  spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
});
const toSlice = (name: string): Manifest => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${name}-1`, namespace: 'rds', labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4',
  ports: [{ name: 'mysql', port: 3306 }],
  endpoints: [{ addresses: [address] }],
});

async function isLeader({ adminUrl }: Fairlead): Promise<boolean> {
  return (await (await fetch(`${adminUrl}/metrics`)).text()).includes('\nfairlead_leader 1');
}

/** The names of the ConfigMaps in which replicas say who polls them. */
async function listBoards(client: KubeClient): Promise<readonly string[]> {
  const { items } = await client.getJson(configMaps);
  const maps = items as readonly { readonly metadata: { readonly name: string } }[];
  return maps.map(({ metadata }) => metadata.name).filter((name) => name.includes('-polls-'));
}

describe('two replicas with one ledger', () => {
  const cleanup = new Cleanup();
  let server: ApiServer;
  let client: KubeClient;
  let leader: Fairlead;
  let follower: Fairlead;
  let root: string;

  beforeAll(async () => {
    requirePrivateNetwork();
    server = cleanup.keep(await startApiServer(findApiServerOrFake()));
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    cleanup.add(() => client.close());
    cleanup.keep(await tcpGreeter(address, 3306));
    await server.apply(...names.flatMap((name) => [toService(name), toSlice(name)]));
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    root = folder.path;
    const ports = { tcp: { range: '22000-22011' }, udp: null, requestable: null, bank: 4, spare: 0 };
    const config = {
      sources: [{ name: 'prod', kubernetes: { kubeconfig: server.kubeconfig } }],
      fleets: [{ ports }],
      ledger: { configMap: 'fairlead-system/fairlead-ports' },
    };
    const replicas: Fairlead[] = [];
    for (const name of ['one', 'two']) {
      mkdirSync(join(root, name));
      replicas.push(cleanup.keep(await startFairlead({ cwd: join(root, name), config })));
    }
    [leader, follower] = await eventually('one of them leads', 30_000, async () => {
      const [one, two] = replicas;
      if (one === undefined || two === undefined) return undefined;
      if (await isLeader(one)) return [one, two] as const;
      return (await isLeader(two)) ? ([two, one] as const) : undefined;
    });
  });

  afterAll(() => cleanup.run());

  it('open a bank that is polled at the one that does not lead', async () => {
    cleanup.keep(await startBank({ fairlead: leader, cwd: root, bank: 0 }));
    await untilBank(leader, 1, 'wanted');
    await untilBank(follower, 1, 'wanted');
    expect((await readBanks(leader)).held.size).toBe(4);
    cleanup.keep(await startBank({ fairlead: follower, cwd: root, bank: 1 }));
    const ms = await untilBank(leader, 1, 'open');
    console.log(`from the start of a Traefik that polls the follower to open: ${Math.round(ms)} ms`);
    await untilBank(follower, 1, 'open');
    const ports = await eventually('all have a port', 20_000, async () => {
      const { held } = await readBanks(follower);
      return held.size === names.length && held;
    });
    for (const port of ports.values()) {
      await eventually(`${port} answers`, 20_000, async () => {
        const connection = await tcpConnect('127.0.0.1', port);
        const line = await connection.readLine(2_000).catch(() => '');
        await connection.stop();
        return line === `5.7.44-fairlead ${address}:3306`;
      });
    }
    expect(await listBoards(client)).toHaveLength(1);
  });

  it('leave nothing behind of what they said when they stop', async () => {
    await follower.stop();
    expect(await listBoards(client)).toEqual([]);
  });
});
