import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { see } from './support/edge-client.ts';
import { startWorld, type World } from './support/world.ts';

// An edge that reaches the nodes of a cluster, and nothing behind them.

const cleanup = new Cleanup();
const nodes = ['10.9.0.11', '10.9.0.12'];
let world: World;

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', annotations: { 'fairlead.dev/host': 'web.test' } },
  spec: {
    type: 'NodePort',
    clusterIP: '10.96.0.7',
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, nodePort: 30_080 }],
  },
};

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      texts: { 'web.yaml': stringify(service) },
      config: {
        sources: [{ name: 'manifests', directory: { path: 'manifests' }, backends: 'nodeport', nodes }],
      },
      backends: nodes.map((node) => () => httpEcho(node, 30_080)),
    }),
  );
  await world.waitFor((data) => JSON.stringify(data).includes('web.test'));
}, 60_000);

afterAll(() => cleanup.run());

it('each node has its share, by the node port', async () => {
  const seen: string[] = [];
  for (let request = 0; request < 10; request += 1) seen.push((await see('web.test')).backend);
  expect(nodes.map((node) => seen.filter((backend) => backend === `${node}:30080`).length)).toEqual([5, 5]);
});
