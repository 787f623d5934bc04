import type { Manifest } from '../../apiserver.ts';
import type { Random } from '../../random.ts';
import { namespace } from '../../tenants.ts';
import { witnessNamespace } from '../witness.ts';
import type { EnduranceWorld } from '../world.ts';

const names = 8;
const long = 'x'.repeat(5_000);

/** What tenants write, and an API server takes; none of it asks for a port that it could get. */
const annotations: readonly Readonly<Record<string, string>>[] = [
  { 'fairlead.dev/host': 'not a host' },
  { 'fairlead.dev/host': `${long}.test` },
  { 'fairlead.dev/host': 'a.test', 'fairlead.dev/path': 'no-slash' },
  { 'fairlead.dev/host': 'b.test', 'fairlead.dev/allow-cidrs': 'everyone' },
  { 'fairlead.dev/host': 'c.test', 'fairlead.dev/tls': 'nothing' },
  { 'fairlead.dev/host': 'd.test', 'fairlead.dev/retries': 'often', 'fairlead.dev/timeout-read': '-1' },
  {
    'fairlead.dev/host': 'e.test',
    'fairlead.dev/migrate-to': 'nobody',
    'fairlead.dev/migrate-weight': '300',
  },
  { 'fairlead.dev/host': 'f.test', 'fairlead.dev/hots': 'typing' },
  { 'fairlead.dev/expose': 'ghost' },
  { 'fairlead.dev/expose': 'http', 'fairlead.dev/pool': 'vip' },
  { 'fairlead.dev/host': '"`)(`"', 'fairlead.dev/weights': long },
];

/** A tenant of each namespace writes something that is wrong. Resolves with how many did. */
export async function makeMistakes({ cluster }: EnduranceWorld, random: Random): Promise<number> {
  const name = `mistake-${random.below(names)}`;
  const objects = [namespace, witnessNamespace].map((of) => toService(of, name, random.pick(annotations)));
  await cluster.server.apply(...objects);
  return objects.length;
}

function toService(of: string, name: string, wrong: Readonly<Record<string, string>>): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: of, annotations: wrong },
    spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  };
}
