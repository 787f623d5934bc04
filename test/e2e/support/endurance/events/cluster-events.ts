import { setTimeout as sleep } from 'node:timers/promises';
import { certificates } from '../../certificates.ts';
import { listDisturbances } from '../../disturbances.ts';
import type { Manifest } from '../../apiserver.ts';
import type { Random } from '../../random.ts';
import type { EventKind } from '../schedule.ts';
import { witnessNamespace } from '../witness.ts';
import type { EnduranceWorld } from '../world.ts';

/** These have events of their own, take long, or end a ledger that is to be compared. */
const others = /lead|killed|damaged|deleted|rotated|compacted/;

/** Kills the API server and starts it again, with the tokens that it knew; does not wait for anybody to come back. */
export async function restartApiServer(
  { cluster, replicas, witness }: EnduranceWorld,
  random: Random,
  newAuthority = false,
): Promise<void> {
  await cluster.crash();
  await sleep(random.pick([0, 50, 400]));
  await cluster.start({ newAuthority });
  await replicas.reissueTokens();
  await witness.reissueToken();
}

/** What happens to the API server, and to what it is asked with. */
export function listClusterEvents(world: EnduranceWorld, random: Random): readonly EventKind[] {
  const { cluster, replicas, witness } = world;
  let secrets = 0;
  return [
    {
      name: 'authority of the API server replaced',
      share: 1,
      run: () => restartApiServer(world, random, true),
    },
    {
      name: 'token rotated',
      share: 3,
      async run() {
        await replicas.rotateToken(random.below(replicas.count));
        await witness.rotateToken();
        return 2;
      },
    },
    {
      name: 'certificate of a tenant replaced',
      share: 2,
      async run() {
        secrets += 1;
        await cluster.server.apply(...toShop(secrets));
      },
    },
    {
      name: 'certificate and authority of the listener replaced',
      share: 1,
      async run() {
        witness.rotateCertificates();
        await sleep(100);
      },
    },
    { name: 'history compacted', share: 1, run: async () => void (await cluster.server.rig('compact')) },
    {
      name: 'requests or watches disturbed',
      share: 4,
      async run() {
        const all = listDisturbances({ cluster, replicas, random, act: nothing });
        const [, disturb] = random.pick(all.filter(([name]) => !others.test(name)));
        await disturb();
      },
    },
  ];
}

async function nothing(): Promise<void> {}

/** A Service with TLS, whose Secret is another one each time. */
function toShop(turn: number): readonly Manifest[] {
  const { cert, key } = turn % 2 === 0 ? certificates.bbsTestCom : certificates.wildcardTestCom;
  const metadata = { name: 'shop', namespace: witnessNamespace };
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': cert, 'tls.key': key },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        ...metadata,
        annotations: { 'fairlead.dev/host': 'bbs.test.com', 'fairlead.dev/tls': 'shop' },
      },
      spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
    },
  ];
}
