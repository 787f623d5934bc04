/**
 * `npm run bench`: what one build and one change cost, for growing worlds. Each size runs in a process of its own, so that
 * the resident memory is that of this size alone.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndpointSlice, HTTPRoute, Ingress, Service, SourceObject } from '../src/model/objects.ts';
import type { Change } from '../src/model/snapshot.ts';
import { Pipeline } from '../src/pipeline/pipeline.ts';
import { toRevision } from '../src/control-plane/publisher.ts';
import { loadSettings } from '../src/settings/load-settings.ts';

/** Where traffic goes: to endpoints, or to the cluster IP, where a change of endpoints changes nothing. */
type Mode = 'clusterip' | 'endpoints';
/** What routes it: the Services by themselves, an Ingress for each, or an HTTPRoute for each, all attached to one Gateway. */
type Entrance = 'HTTPRoute' | 'Ingress' | 'Service';

interface World {
  readonly services: number;
  readonly entrance: Entrance;
  readonly mode: Mode;
}

const worlds: readonly World[] = [
  ...[100, 1_000, 10_000].map((services): World => ({ services, entrance: 'Service', mode: 'endpoints' })),
  ...[100, 1_000, 10_000].map((services): World => ({ services, entrance: 'Service', mode: 'clusterip' })),
  { services: 5_000, entrance: 'HTTPRoute', mode: 'endpoints' },
  ...[10_000, 30_000].map((services): World => ({ services, entrance: 'Ingress', mode: 'endpoints' })),
];
const endpointsPerService = 10;
const changes = 25;

const gatewayRef = { source: 'bench', kind: 'Gateway', namespace: 'edge', name: 'edge' } as const;
const created = '2026-01-01T00:00:00Z';
const answered = { generation: 1, status: {} };

/** One listener for all namespaces. */
const gateway: readonly SourceObject[] = [
  {
    kind: 'GatewayClass',
    meta: {
      ref: { ...gatewayRef, kind: 'GatewayClass', namespace: '', name: 'fairlead' },
      created,
      annotations: {},
    },
    ...answered,
    controller: 'fairlead.dev/gateway-controller',
  },
  {
    kind: 'Gateway',
    meta: { ref: gatewayRef, created, annotations: {} },
    ...answered,
    className: 'fairlead',
    listeners: [
      {
        name: 'http',
        port: 80,
        protocol: 'HTTP',
        allowedRoutes: { namespaces: { from: 'All' }, kinds: [] },
        field: 'spec.listeners[0]',
      },
    ],
    addresses: [],
    allowedListeners: { from: 'None' },
  },
];

const ingressClass: SourceObject = {
  kind: 'IngressClass',
  meta: { ref: { source: 'bench', kind: 'IngressClass', namespace: '', name: 'fairlead' }, annotations: {} },
  controller: 'fairlead.dev/ingress-controller',
};

function toIngress(index: number): Ingress {
  const { ref } = toService(index, 'Ingress').meta;
  const field = 'spec.rules[0]';
  const paths = [
    {
      path: '/',
      pathType: 'Prefix' as const,
      field: `${field}.http.paths[0]`,
      backend: { kind: 'service' as const, name: ref.name, port: 80 },
    },
  ];
  return {
    kind: 'Ingress',
    meta: { ref: { ...ref, kind: 'Ingress' }, created, annotations: {} },
    className: 'fairlead',
    rules: [{ host: `app-${index}.example.com`, field, paths }],
    tls: [],
    addresses: [],
  };
}

function toHttpRoute(index: number): HTTPRoute {
  const { ref } = toService(index, 'HTTPRoute').meta;
  const field = 'spec.rules[0]';
  const parent = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'edge', name: 'edge' };
  const backend = { group: '', kind: 'Service', name: ref.name, port: 80, weight: 1, filters: [] };
  return {
    kind: 'HTTPRoute',
    meta: { ref: { ...ref, kind: 'HTTPRoute' }, created, annotations: {} },
    ...answered,
    parentRefs: [{ ...parent, field: 'spec.parentRefs[0]' }],
    hostnames: [`app-${index}.example.com`],
    rules: [
      {
        matches: [
          {
            path: { type: 'PathPrefix', value: '/' },
            headers: [],
            queryParams: [],
            field: `${field}.matches[0]`,
          },
        ],
        filters: [],
        backendRefs: [{ ...backend, field: `${field}.backendRefs[0]` }],
        timeouts: {},
        field,
      },
    ],
  };
}

function toService(index: number, entrance: Entrance): Service {
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
      created,
      annotations: entrance === 'Service' ? { 'fairlead.dev/host': `app-${index}.example.com` } : {},
    },
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    headless: false,
    hasSelector: true,
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  };
}

function toSlice(index: number, generation: number): EndpointSlice {
  const { ref } = toService(index, 'Service').meta;
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

async function measure({ services, entrance, mode }: World): Promise<string> {
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
    toChange(toService(index, entrance)),
    toChange(toSlice(index, 0)),
    ...(entrance === 'HTTPRoute' ? [toChange(toHttpRoute(index))] : []),
    ...(entrance === 'Ingress' ? [toChange(toIngress(index))] : []),
  ]).flat();
  if (entrance === 'HTTPRoute') world.push(...gateway.map(toChange));
  if (entrance === 'Ingress') world.push(toChange(ingressClass));
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
  if (process.env['BENCH_SNAPSHOT'] !== undefined)
    (await import('node:v8')).writeHeapSnapshot(process.env['BENCH_SNAPSHOT']);
  // What it settles at: V8 gives pages back some time after it has freed them.
  globalThis.gc?.();
  await new Promise((resolve) => void setTimeout(resolve, 500));
  globalThis.gc?.();
  const resident = process.memoryUsage().rss / 1024 ** 2;
  const cells = [
    services.toLocaleString('en'),
    entrance,
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

/** The worlds run as the program is shipped, bundled: a loader of TypeScript would count in the memory. */
async function runWorlds(): Promise<void> {
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
      '| Services | routed by | backends | full build | one change, median | max | bytes | gzip | compressed | resident |',
    );
    console.log('| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const world of worlds.keys())
      process.stdout.write(execFileSync(process.execPath, ['--expose-gc', outfile, String(world)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const index = process.argv[2];
if (index === undefined) await runWorlds();
else {
  const world = worlds[Number(index)];
  if (world !== undefined) console.log(await measure(world));
}
