/*
 * `npm run bench:api`: what Fairlead asks of an API server: bytes of the lists that it reads when it starts, by kind, and how fast the leader
 * writes the status of Ingresses that have none yet. With a real API server.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { findApiServer } from '../test/e2e/support/apiserver.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { startCluster } from '../test/e2e/support/cluster.ts';
import { eventually } from '../test/e2e/support/eventually.ts';
import { startFairlead } from '../test/e2e/support/fairlead.ts';
import { readCpuMs } from '../test/e2e/support/process-figures.ts';

const services = 2_000;
const endpoints = 10;
const lists = {
  Service: '/api/v1/services',
  Ingress: '/apis/networking.k8s.io/v1/ingresses',
  EndpointSlice: '/apis/discovery.k8s.io/v1/endpointslices',
} as const;

const listSchema = z.object({
  items: z.array(z.looseObject({ endpoints: z.array(z.unknown()).optional() })),
});

async function measureList(http: string, path: string): Promise<string> {
  const text = await (await fetch(`${http}${path}`)).text();
  const { items } = listSchema.parse(JSON.parse(text));
  const inEndpoints = items.flatMap((item) => item.endpoints ?? []);
  const endpointBytes = inEndpoints.reduce<number>((sum, each) => sum + JSON.stringify(each).length, 0);
  const own = (text.length - endpointBytes) / items.length;
  const ofEndpoint =
    inEndpoints.length === 0
      ? ''
      : `, and ${(endpointBytes / inEndpoints.length).toFixed(0)} for each endpoint`;
  return `${items.length} of ${own.toFixed(0)} bytes each${ofEndpoint}`;
}

async function countWritten(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^fairlead_write_backs_total\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

async function run(program: string): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const cluster = cleanup.keep(await startCluster(program));
    const count = String(services);
    const size = ['--services', count, '--ingresses', count, '--endpoints-per-service', String(endpoints)];
    cluster.server.run('load', [...size, '--namespaces', '20']);
    for (const [kind, path] of Object.entries(lists))
      console.log(`${kind}: ${await measureList(cluster.httpUrl, path)}`);
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const { kubeconfig } = cluster;
    const fairlead = cleanup.keep(
      await startFairlead({
        cwd: folder.path,
        config: {
          sources: [{ name: 'cluster', kubernetes: { kubeconfig } }],
          ingress: { unclassed: 'take' },
          fleets: [{ addresses: ['edge.example.com'] }],
          ledger: { file: join(folder.path, 'ports.json') },
        },
      }),
    );
    const [began, cpu] = [performance.now(), readCpuMs(fairlead.pid)];
    const before = await countWritten(fairlead.adminUrl);
    await eventually(
      'all are written',
      300_000,
      async () => (await countWritten(fairlead.adminUrl)) >= services,
    );
    const seconds = (performance.now() - began) / 1_000;
    const written = services - before;
    console.log(
      `first writes: ${(written / seconds).toFixed(0)} in a second, ${((readCpuMs(fairlead.pid) - cpu) / written).toFixed(1)} ms of CPU each`,
    );
  } finally {
    await cleanup.run();
  }
}

const program = findApiServer('what Fairlead asks of an API server');
if (program === undefined) process.exitCode = 1;
else await run(program);
