/**
 * `npm run bench`: what one build and one change cost, for growing worlds. Each size runs in a process of its own, so that
 * the resident memory is that of this size alone.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndpointSlice, Service, SourceObject } from '../src/model/objects.ts';
import type { Change } from '../src/model/snapshot.ts';
import { Pipeline } from '../src/pipeline/pipeline.ts';
import { toRevision } from '../src/control-plane/publisher.ts';
import { loadSettings } from '../src/settings/load-settings.ts';

const sizes = [100, 1_000, 10_000];
/** Where traffic goes: to endpoints, or to the cluster IP, where a change of endpoints changes nothing. */
const modes = ['endpoints', 'clusterip'] as const;
type Mode = (typeof modes)[number];
const endpointsPerService = 10;
const changes = 25;

function toService(index: number): Service {
  const ref = {
    source: 'bench',
    kind: 'Service',
    namespace: `team-${index % 20}`,
    name: `app-${index}`,
  } as const;
  return {
    kind: 'Service',
    meta: {
      ref,
      created: '2026-01-01T00:00:00Z',
      annotations: { 'fairlead.dev/host': `app-${index}.example.com` },
    },
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    headless: false,
    hasSelector: true,
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  };
}

function toSlice(index: number, generation: number): EndpointSlice {
  const { ref } = toService(index).meta;
  return {
    kind: 'EndpointSlice',
    meta: { ref: { ...ref, kind: 'EndpointSlice', name: `${ref.name}-a` }, annotations: {} },
    service: ref.name,
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: Array.from({ length: endpointsPerService }, (_, each) => ({
      addresses: [`10.${(index >> 8) & 255}.${index & 255}.${1 + ((each + generation) % 254)}`],
      ready: true,
      serving: true,
      terminating: false,
    })),
  };
}

function toChange(object: SourceObject): Change {
  return { kind: 'set', object };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(services: number, mode: Mode): Promise<string> {
  const settings = loadSettings({
    env: { FAIRLEAD_SERVICES_BACKENDS: mode },
    cwd: process.cwd(),
    directories: ['.'],
  });
  const pipeline = new Pipeline({
    ...settings,
    sources: settings.sources.map((source) => ({ ...source, name: 'bench' })),
  });
  const world = Array.from({ length: services }, (_, index) => [
    toChange(toService(index)),
    toChange(toSlice(index, 0)),
  ]).flat();
  const begin = performance.now();
  pipeline.update(world);
  const first = toRevision(pipeline.toPieces('default'));
  const full = performance.now() - begin;
  world.length = 0;
  const times: number[] = [];
  for (let generation = 1; generation <= changes; generation++) {
    const slice = toChange(toSlice(generation % services, generation));
    const start = performance.now();
    pipeline.update([slice]);
    const revision = toRevision(pipeline.toPieces('default'));
    times.push(performance.now() - start);
    const isSame = revision.revision === first.revision;
    if (isSame !== (mode === 'clusterip')) throw new Error(`the bytes are ${isSame ? 'the same' : 'others'}`);
  }
  const start = performance.now();
  const compressed = await first.gzip();
  const gzip = performance.now() - start;
  // What it settles at: V8 gives pages back some time after it has freed them.
  globalThis.gc?.();
  await new Promise((resolve) => void setTimeout(resolve, 500));
  globalThis.gc?.();
  const resident = process.memoryUsage().rss / 1024 ** 2;
  const cells = [
    services.toLocaleString('en'),
    mode,
    `${full.toFixed(0)} ms`,
    `${median(times).toFixed(1)} ms`,
    `${Math.max(...times).toFixed(1)} ms`,
    `${(first.body.length / 1024).toFixed(0)} KiB`,
    `${gzip.toFixed(0)} ms`,
    `${(compressed.length / 1024).toFixed(0)} KiB`,
    `${resident.toFixed(0)} MiB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The sizes run as the program is shipped, bundled: a loader of TypeScript would count in the memory. */
async function runSizes(): Promise<void> {
  const { buildSync } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-bench-'));
  const outfile = join(folder, 'bench.mjs');
  try {
    const banner = {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    };
    const entry = fileURLToPath(import.meta.url);
    buildSync({
      entryPoints: [entry],
      outfile,
      banner,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['esbuild'],
    });
    console.log(
      '| Services | backends | full build | one change, median | max | bytes | gzip | compressed | resident |',
    );
    console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const mode of modes)
      for (const each of sizes)
        process.stdout.write(execFileSync(process.execPath, ['--expose-gc', outfile, String(each), mode]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const size = process.argv[2];
if (size === undefined) await runSizes();
else console.log(await measure(Number(size), process.argv[3] === 'clusterip' ? 'clusterip' : 'endpoints'));
