import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpEcho } from './support/backends.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { httpGet } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead, type Fairlead } from './support/fairlead.ts';
import { startLoadBalancer, type LoadBalancer } from './support/load-balancer.ts';
import { findFreePort } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

interface Edge {
  readonly web: number;
  readonly ready: number;
  start(): Promise<Traefik>;
}

let fairlead: Fairlead;
let edges: readonly [Edge, Edge];
let balancer: LoadBalancer;
const host = 'web.test.com';

async function createEdge(staticConfig: string): Promise<Edge> {
  const [web, ready, websecure] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const entryPoints = {
    web: `127.0.0.1:${web}`,
    websecure: `127.0.0.1:${websecure}`,
    ready: `127.0.0.1:${ready}`,
  };
  const start = (): Promise<Traefik> => startTraefik({ staticConfig, entryPoints, patienceMs: 30_000 });
  return { web, ready, start };
}

const statusOf = async (port: number, path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

const traefiks: Traefik[] = [];

beforeAll(async () => {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  cleanup.keep(await httpEcho('10.244.1.1', 8080));
  const folder = join(temp.path, 'manifests');
  mkdirSync(folder);
  const manifest = {
    namespace: 'shop',
    name: 'web',
    annotations: { 'fairlead.dev/host': host },
    ports: [{ name: 'http', port: 8080 }],
    addresses: ['10.244.1.1'],
  };
  writeFileSync(join(folder, 'web.yaml'), toManifests(manifest));
  const config = {
    sources: [{ name: 'manifests', directory: { path: folder } }],
    ledger: { file: join(temp.path, 'ports.json') },
    fleets: [{ ports: { tcp: null, udp: null } }],
  };
  fairlead = cleanup.keep(await startFairlead({ cwd: temp.path, config }));
  const printed = await runFairlead(['traefik', ...fairlead.configArgs], { cwd: temp.path });
  edges = [await createEdge(printed.stdout), await createEdge(printed.stdout)];
  for (const edge of edges) traefiks.push(await edge.start());
  cleanup.add(async () => void (await Promise.all(traefiks.map((traefik) => traefik.stop()))));
  balancer = cleanup.keep(
    await startLoadBalancer(
      edges.map(({ web, ready }) => ({ port: web, readyUrl: `http://127.0.0.1:${ready}/ready` })),
    ),
  );
  await eventually('both are ready', 20_000, () => balancer.ready === 2);
}, 60_000);

/** Sends requests one after another, some at a time, until `work` is done. */
async function countFailures(
  work: () => Promise<void>,
): Promise<{ sent: number; failed: readonly number[] }> {
  const done = new AbortController();
  let sent = 0;
  const failed: number[] = [];
  const client = async (): Promise<void> => {
    while (!done.signal.aborted) {
      sent += 1;
      const { status } = await httpGet({ port: balancer.port, host }).catch(() => ({ status: 0 }));
      if (status !== 200) failed.push(status);
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
  };
  const clients = [client(), client(), client(), client()];
  await work();
  done.abort();
  await Promise.all(clients);
  return { sent, failed };
}

it('a Traefik that restarts while no Fairlead answers costs no request behind a load balancer', async () => {
  const [first] = edges;
  const { sent, failed } = await countFailures(async () => {
    await fairlead.stop();
    await traefiks[0]?.stop();
    traefiks[0] = await first.start();
    // It runs, takes connections, and has no routes.
    await eventually('it listens', 10_000, async () => (await statusOf(first.ready, '/ping')) === 200);
    expect(await statusOf(first.ready, '/ready')).toBe(404);
    expect((await httpGet({ port: first.web, host })).status).toBe(404);
    await new Promise((resolve) => void setTimeout(resolve, 2_000));
    expect(balancer.ready).toBe(1);
  });
  process.stderr.write(`requests: ${sent}, failed: ${failed.length}\n`);
  expect(sent).toBeGreaterThan(200);
  expect(failed).toEqual([]);
}, 90_000);
