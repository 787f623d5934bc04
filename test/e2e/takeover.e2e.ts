import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { findApiServerOrFake, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import type { Fairlead } from './support/fairlead.ts';
import { startLoneReplica } from './support/lone-replica.ts';
import { slowness } from '../support/slowness.ts';

/* More deaths: FAIRLEAD_DEATHS=10 node test/e2e/run.mjs test/e2e/takeover.e2e.ts */
const deaths = Number(process.env['FAIRLEAD_DEATHS'] ?? '1');
const program = findApiServerOrFake();
const lease = '/apis/coordination.k8s.io/v1/namespaces/fairlead-system/leases/fairlead';
const ledger = '/api/v1/namespaces/fairlead-system/configmaps/fairlead-ports';

const leaseSchema = z.object({
  spec: z.object({
    holderIdentity: z.string(),
    leaseDurationSeconds: z.number(),
    renewTime: z.string(),
  }),
});

function toService(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', annotations: { 'fairlead.dev/expose': 'true' } },
    spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
  };
}

describe('a new allocation', () => {
  let server: ApiServer;
  let client: KubeClient;
  let cleanup: Cleanup;
  let count = 0;

  beforeAll(async () => {
    server = await startApiServer(program);
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  beforeEach(() => {
    cleanup = new Cleanup();
  });

  afterEach(() => cleanup.run());

  const start = (): Promise<Fairlead> => startLoneReplica(server, cleanup);

  const readLease = async (): Promise<z.infer<typeof leaseSchema>['spec']> =>
    leaseSchema.parse(await client.getJson(lease)).spec;

  const leads = async ({ logs }: Fairlead): Promise<boolean> => {
    const { holderIdentity } = await readLease();
    return holderIdentity !== '' && logs().includes(`"identity":"${holderIdentity}"`);
  };

  /** Starts two, and resolves once the first leads and the second has seen that. */
  async function startPair(): Promise<readonly [leader: Fairlead, follower: Fairlead]> {
    const leader = await start();
    await eventually('the first one leads', 20_000, () => leads(leader).catch(() => false));
    const follower = await start();
    await sleep(1_000);
    return [leader, follower];
  }

  /** Makes a Service, and resolves once its port is durable. */
  async function allocate(): Promise<void> {
    const name = `db-${++count}`;
    await server.apply(toService(name));
    await eventually('the port is durable', 40_000, async () =>
      JSON.stringify(await client.getJson(ledger)).includes(`\\"${name}\\"`),
    );
  }

  it(
    'waits no longer than the time of the Lease when the leader has died',
    async () => {
      const times: number[] = [];
      let [leader, follower] = await startPair();
      const { leaseDurationSeconds } = await readLease();
      for (let death = 0; death < deaths; death += 1) {
        if (death > 0) {
          [leader, follower] = [follower, await start()];
          await sleep(1_000);
        }
        await allocate();
        const { renewTime } = await readLease();
        // Right after a renewal the successor waits longest.
        await eventually('a renewal', 5_000, async () => (await readLease()).renewTime !== renewTime);
        const died = performance.now();
        await leader.crash();
        await allocate();
        times.push(Math.round(performance.now() - died));
        expect(await leads(follower)).toBe(true);
      }
      console.log(`allocated after the death of the leader: ${times.join(', ')} ms`);
      expect(Math.max(...times)).toBeLessThanOrEqual(leaseDurationSeconds * 1_000 * slowness());
    },
    60_000 + deaths * 30_000,
  );

  it('waits no longer than a second when the leader is stopped', async () => {
    const [leader] = await startPair();
    // Polls that are held are no reason to keep the Lease.
    const poll = new AbortController();
    cleanup.add(() => poll.abort());
    const url = `${leader.providerUrl}/traefik`;
    await (await fetch(url)).text();
    let answers = 0;
    void fetch(url, { signal: poll.signal }).then(
      () => (answers += 1),
      () => undefined,
    );
    await sleep(500);
    expect(answers).toBe(0);
    const stopping = performance.now();
    const stopped = leader.stop();
    await eventually('the Lease is given back', 10_000, async () => !(await leads(leader)));
    console.log(`the Lease is free ${Math.round(performance.now() - stopping)} ms after SIGTERM`);
    await allocate();
    const took = performance.now() - stopping;
    console.log(`allocated ${Math.round(took)} ms after the stop of the leader began`);
    expect(took).toBeLessThan(1_000 * slowness());
    await stopped;
  });
});
