/*
 * `npm run bench:serve [-- SERVICES…] [--runs N] [--program FILE]`: what a running `fairlead serve` costs on a real API
 * server: Services with ten endpoints and an Ingress each. From its start until it is ready (a list of everything, and the first
 * document), and then change by change, each after the quiet time of `--quiet` (default 50ms). `--program`: another build of it, for a comparison.
 * `--cpu-prof`: a profile of each run in ./profiles.
 */
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findApiServer } from '../test/e2e/support/apiserver.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { startCluster, type Cluster } from '../test/e2e/support/cluster.ts';
import { buildFairlead, projectRoot, startFairlead } from '../test/e2e/support/fairlead.ts';
import { readCpuMs, readResidentMb } from '../test/e2e/support/process-figures.ts';

const changes = 20;
const endpointsPerService = 10;
const namespaces = 20;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    program: { type: 'string' },
    'cpu-prof': { type: 'boolean', default: false },
    quiet: { type: 'string', default: '50ms' },
  },
});

/** Times in milliseconds of a single process, memory in MB. */
interface Figures {
  readonly ready: number;
  readonly readyCpu: number;
  readonly resident: number;
  readonly change: number;
  readonly changeCpu: number;
  readonly residentAfter: number;
}

let lastNumber = 0;

/** Gives a Service endpoints that it never had; resolves with when the server had taken them. */
async function change({ httpUrl }: Cluster, index: number): Promise<number> {
  const url = `${httpUrl}/apis/discovery.k8s.io/v1/namespaces/rig-${index % namespaces}/endpointslices/rig-svc-${index}`;
  lastNumber += 1;
  const endpoints = Array.from({ length: endpointsPerService }, (_, each) => ({
    addresses: [`11.${each}.${lastNumber >> 8}.${lastNumber & 255}`],
    conditions: { ready: true },
  }));
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ endpoints }),
  });
  const taken = performance.now();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return taken;
}

/** A poll that is held until the next revision; resolves with the revision and when its first bytes came. */
async function poll(
  url: string,
  revision?: string,
): Promise<{ readonly revision: string; readonly at: number }> {
  for (;;) {
    const headers = {
      'accept-encoding': 'gzip',
      ...(revision === undefined ? {} : { 'if-none-match': revision }),
    };
    const response = await fetch(url, { headers });
    const at = performance.now();
    const etag = response.status === 304 ? (revision ?? '') : (response.headers.get('etag') ?? '');
    await response.arrayBuffer();
    if (etag !== revision) return { revision: etag, at };
  }
}

async function measure(cluster: Cluster, services: number): Promise<Figures> {
  const cleanup = new Cleanup();
  try {
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const start = performance.now();
    const fairlead = cleanup.keep(
      await startFairlead({
        cwd: folder.path,
        ...(options.program === undefined ? {} : { program: resolve(options.program) }),
        config: {
          sources: [{ name: 'cluster', kubernetes: { kubeconfig: cluster.kubeconfig } }],
          ingress: { unclassed: 'take' },
          provider: { debounce: options.quiet },
          ledger: { file: join(folder.path, 'ports.json') },
        },
        nodeArgs: options['cpu-prof']
          ? ['--cpu-prof', `--cpu-prof-dir=${join(projectRoot, 'profiles')}`]
          : [],
      }),
    );
    const ready = performance.now() - start;
    const readyCpu = readCpuMs(fairlead.pid);
    const url = `${fairlead.providerUrl}/traefik`;
    await sleep(5_000);
    const resident = readResidentMb(fairlead.pid);
    let { revision } = await poll(url);
    const times: number[] = [];
    const cpuBefore = readCpuMs(fairlead.pid);
    for (let count = 0; count < changes; count++) {
      const next = poll(url, revision);
      await sleep(300);
      const taken = await change(cluster, (count * 7_919) % services);
      const arrived = await next;
      revision = arrived.revision;
      times.push(arrived.at - taken);
    }
    await sleep(500);
    const changeCpu = (readCpuMs(fairlead.pid) - cpuBefore) / changes;
    return {
      ready,
      readyCpu,
      resident,
      change: median(times),
      changeCpu,
      residentAfter: readResidentMb(fairlead.pid),
    };
  } finally {
    await cleanup.run();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function toSpread(values: readonly number[], unit: string): string {
  return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}) ${unit}`;
}

function toRow(services: number, figures: readonly Figures[]): string {
  const spread = (key: keyof Figures, unit: string): string =>
    toSpread(
      figures.map((each) => each[key]),
      unit,
    );
  const cells = [
    services.toLocaleString('en'),
    spread('ready', 'ms'),
    spread('readyCpu', 'ms'),
    spread('resident', 'MB'),
    spread('change', 'ms'),
    spread('changeCpu', 'ms'),
    spread('residentAfter', 'MB'),
  ];
  return `| ${cells.join(' | ')} |`;
}

async function measureSize(program: string, services: number): Promise<void> {
  const cluster = await startCluster(program);
  try {
    const count = String(services);
    const load = ['--services', count, '--ingresses', count];
    cluster.server.run('load', [...load, '--namespaces', String(namespaces)]);
    const figures: Figures[] = [];
    for (let run = 0; run < Number(options.runs); run++) figures.push(await measure(cluster, services));
    console.log(toRow(services, figures));
  } finally {
    await cluster.stop();
  }
}

const program = findApiServer('what a running server costs');
if (program === undefined) process.exitCode = 1;
else {
  // Not in the time of the first run.
  if (options.program === undefined) await buildFairlead();
  console.log(
    '| Services | ready | CPU until then | resident | change to bytes | CPU of a change | resident after |',
  );
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  const sizes = positionals.map(Number);
  for (const services of sizes.length > 0 ? sizes : [1_000, 10_000]) await measureSize(program, services);
}
