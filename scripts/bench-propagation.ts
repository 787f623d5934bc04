/*
 * `npm run bench:propagation [-- SERVICES… --changes N --shards N]`: how long a change takes from the API server to the answers of an edge, through Fairlead (with
 * `backends: endpoints` and with `clusterip`) and a Traefik, and through the Kubernetes Ingress provider of a Traefik: of the endpoints
 * of a Service, and of the host of an Ingress. Each Service has ten endpoints, and each way the machine for itself, on the same
 * API server, each Traefik as its users start it (`GOGC` of the workloads that Fairlead makes), with a default certificate (without one Traefik makes a new RSA key with every change).
 * `--shards`: `provider.shards`. `--cpu-prof`: a profile of Fairlead in ./profiles.
 */
import { writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { addressEcho } from '../test/e2e/support/address-echo.ts';
import { findApiServer } from '../test/e2e/support/apiserver.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { startCluster } from '../test/e2e/support/cluster.ts';
import { projectRoot, startFairlead, type Fairlead } from '../test/e2e/support/fairlead.ts';
import { readCpuMs, readResidentMb } from '../test/e2e/support/process-figures.ts';
import { startTraefik, type Traefik } from '../test/e2e/support/traefik.ts';
import { readStaticConfig } from '../test/e2e/support/world.ts';
import { withGoRuntime } from '../src/traefik/static/go-runtime.ts';
import { inPrivateNetwork } from './in-private-network.ts';

const namespaces = 20;
const backendPort = 8080;
const endpointsPerService = 10;
const throttle = '100ms';
const certificateSecret = 'default/edge';
const args = process.argv.slice(2);
const { values: options, positionals } = parseArgs({
  args,
  allowPositionals: true,
  options: {
    changes: { type: 'string', default: '15' },
    shards: { type: 'string', default: '1' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const timedChanges = Number(options.changes);
/** By which the CPU time is measured. */
const quietChanges = Math.ceil(timedChanges / 2.5);
const [certFile, keyFile] = ['crt', 'key'].map((end) =>
  join(projectRoot, `test/e2e/fixtures/wildcard-test-com.${end}`),
);

type Backends = 'clusterip' | 'endpoints';

/** A way from the API server to an edge. */
interface Way {
  readonly name: string;
  readonly edge: string;
  readonly processes: ReadonlyMap<string, number>;
  readonly fairlead?: Fairlead;
  /** Whether it leads to endpoints, so that it has to follow them. */
  readonly followsEndpoints: boolean;
  stop(): Promise<void>;
}

interface ClusterAccess {
  readonly http: string;
  readonly kubeconfig: string;
}

/** As its operators give it: a Secret that the settings name. */
async function startOverFairlead(cluster: ClusterAccess, backends: Backends): Promise<Way> {
  const { kubeconfig } = cluster;
  const cleanup = new Cleanup();
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const nodeArgs = options['cpu-prof']
    ? ['--cpu-prof', `--cpu-prof-dir=${join(projectRoot, 'profiles')}`]
    : [];
  const fairlead = cleanup.keep(
    await startFairlead({
      cwd: folder.path,
      config: {
        sources: [{ name: 'cluster', kubernetes: { kubeconfig } }],
        ingress: { unclassed: 'take' },
        services: { backends },
        provider: { shards: Number(options.shards) },
        fleets: [
          {
            name: 'default',
            defaultCertificate: { secret: certificateSecret },
            ports: { tcp: { range: '20000-20001' }, udp: { range: '20000-20001' } },
          },
        ],
        ledger: { file: join(folder.path, 'ports.json') },
      },
      nodeArgs,
    }),
  );
  const staticConfig = await readStaticConfig(fairlead, folder.path);
  const edge = '127.0.0.1';
  const traefik: Traefik = cleanup.keep(
    await startTraefik({ staticConfig, bind: edge, logLevel: 'ERROR', env: withGoRuntime({}) }),
  );
  const processes = new Map([
    ['Fairlead', fairlead.pid],
    ['Traefik', traefik.pid],
  ]);
  const name = `Fairlead, ${backends}`;
  return {
    name,
    edge,
    processes,
    fairlead,
    followsEndpoints: backends === 'endpoints',
    stop: () => cleanup.run(),
  };
}

/** The Ingress provider knows no default certificate: it comes from a file beside it. */
async function startOverProvider({ kubeconfig }: ClusterAccess): Promise<Way> {
  const edge = '127.0.0.2';
  const folder = makeTempFolder();
  const file = join(folder.path, 'certificate.yml');
  writeFileSync(
    file,
    stringify({ tls: { stores: { default: { defaultCertificate: { certFile, keyFile } } } } }),
  );
  process.env['KUBECONFIG'] = kubeconfig;
  const traefik = await startTraefik({
    staticConfig: [
      `--providers.kubernetesIngress.throttleDuration=${throttle}`,
      `--providers.providersThrottleDuration=${throttle}`,
      `--entryPoints.web.address=${edge}:80`,
      `--providers.file.filename=${file}`,
    ],
    logLevel: 'ERROR',
  });
  return {
    name: 'own provider',
    followsEndpoints: true,
    edge,
    processes: new Map([['Traefik', traefik.pid]]),
    async stop() {
      await traefik.stop();
      folder.remove();
    },
  };
}

/** A GET on a kept connection. */
function ask(agent: Agent, url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers, timeout: 30_000 }, (incoming) => {
      read(incoming).then(resolve, reject);
    }).once('error', reject);
  });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) };
}

/** Resolves with when the server had taken the patch. */
async function patch(url: string, body: object): Promise<number> {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(body),
  });
  const taken = performance.now();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return taken;
}

/** A change, and how it is seen in the answers of an edge. */
interface Trial {
  readonly taken: Promise<number>;
  readonly host: string;
  readonly isServed: (answer: Answer) => boolean;
}

let lastNumber = 0;

/** Moves the endpoints of a Service to other addresses. */
function moveEndpoints({ http }: ClusterAccess, index: number): Trial {
  lastNumber += 1;
  const addresses = Array.from(
    { length: endpointsPerService },
    (_, each) => `11.${each}.${lastNumber >> 8}.${lastNumber & 255}`,
  );
  const url = `${http}/apis/discovery.k8s.io/v1/namespaces/rig-${index % namespaces}/endpointslices/rig-svc-${index}`;
  const endpoints = addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }));
  return {
    taken: patch(url, { endpoints }),
    host: `host-${index}.example.test`,
    isServed: ({ body }) => addresses.some((address) => body.toString().endsWith(address)),
  };
}

/** Gives an Ingress another host besides its own; whatever comes from its backend, which an address of the cluster is not, shows that it is routed. */
function renameHost({ http }: ClusterAccess, index: number): Trial {
  lastNumber += 1;
  const host = `renamed-${lastNumber}.example.test`;
  const backend = { service: { name: `rig-svc-${index}`, port: { number: 80 } } };
  const rules = [`host-${index}.example.test`, host].map((each) => ({
    host: each,
    http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
  }));
  const url = `${http}/apis/networking.k8s.io/v1/namespaces/rig-${index % namespaces}/ingresses/rig-ing-${index}`;
  return { taken: patch(url, { spec: { rules } }), host, isServed: ({ status }) => status !== 404 };
}

type Change = typeof moveEndpoints;

/** When the answers of an edge show a change. */
async function untilServed(agent: Agent, edge: string, { host, isServed }: Trial): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (isServed(await ask(agent, `http://${edge}/`, { host }))) return performance.now();
    await sleep(2);
  }
  throw new Error(`${edge} never served ${host}`);
}

/** A client of Fairlead that holds each revision, as a Traefik does, and knows when the next one arrived. */
class Follower {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  #arrived: (at: number) => void = () => undefined;
  #stopped = false;

  constructor({ providerUrl }: Fairlead) {
    this.#url = `${providerUrl}/traefik`;
  }

  /** Resolves when it holds the revision of now. */
  async start(): Promise<void> {
    void this.#follow(await this.#ask());
  }

  /** When the next revision has arrived as a whole. */
  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#agent.destroy();
  }

  async #follow(first: string): Promise<void> {
    let revision = first;
    while (!this.#stopped) {
      const next = await this.#ask().catch(() => revision);
      if (next !== revision) this.#arrived(performance.now());
      revision = next;
    }
  }

  async #ask(): Promise<string> {
    const { headers } = await ask(this.#agent, this.#url, { 'accept-encoding': 'gzip' });
    return String(headers['x-fairlead-revision']);
  }
}

/** What was measured of a way; times in milliseconds. */
interface Figures {
  readonly name: string;
  readonly latencies: readonly number[];
  /** From the server's answer until a client of Fairlead has the new revision. */
  readonly ownParts: readonly number[];
  /** Of one change, by process. */
  readonly cpu: ReadonlyMap<string, number>;
  readonly memory: ReadonlyMap<string, number>;
}

async function measure(
  cluster: ClusterAccess,
  way: Way,
  what: { readonly name: string; readonly change: Change },
  services: number,
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true });
  await warmUp(agent, way);
  const follower = way.fairlead && new Follower(way.fairlead);
  await follower?.start();
  const latencies: number[] = [];
  const ownParts: number[] = [];
  for (let count = 0; count < timedChanges; count++) {
    // Not in step with any ticker.
    await sleep(1_500 + Math.random() * 700);
    // Not the first, by which it is seen whether the edge serves.
    const index = 1 + ((count * 7_919) % (services - 1));
    const arrival = follower?.next();
    const trial = what.change(cluster, index);
    latencies.push((await untilServed(agent, way.edge, trial)) - (await trial.taken));
    if (arrival !== undefined) ownParts.push((await arrival) - (await trial.taken));
  }
  follower?.stop();
  agent.destroy();
  const cpu = await measureCpu(cluster, way, what.change, services, 500 + 2 * Math.max(...latencies));
  const memory = new Map([...way.processes].map(([name, pid]) => [name, readResidentMb(pid)]));
  return { name: `${way.name}: ${what.name}`, latencies, ownParts, cpu, memory };
}

/** Without requests, which cost a Traefik time of their own. */
async function measureCpu(
  cluster: ClusterAccess,
  { processes }: Way,
  change: Change,
  services: number,
  pauseMs: number,
) {
  const readAll = (): readonly (readonly [string, number])[] =>
    [...processes].map(([name, pid]) => [name, readCpuMs(pid)]);
  await sleep(2_000);
  const before = new Map(readAll());
  for (let count = 0; count < quietChanges; count++) {
    await change(cluster, 1 + ((count * 104_729) % (services - 1))).taken;
    await sleep(pauseMs);
  }
  return new Map(readAll().map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / quietChanges]));
}

async function warmUp(agent: Agent, { edge, followsEndpoints }: Way): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask(agent, `http://${edge}/`, { host: 'host-0.example.test' });
    const isServed = followsEndpoints
      ? /^\d+(\.\d+){3}$/.test(answer.body.toString())
      : answer.status !== 404 && answer.status !== 503;
    if (isServed) return sleep(2_000);
    await sleep(100);
  }
  throw new Error(`${edge} does not serve`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function toMs(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function toCell(byProcess: ReadonlyMap<string, number>, unit: string): string {
  return [...byProcess].map(([process, value]) => `${process} ${value.toFixed(0)} ${unit}`).join(', ');
}

function toRow(services: number, { name, latencies, ownParts, cpu, memory }: Figures): string {
  const cells = [
    services.toLocaleString('en'),
    name,
    toMs(median(latencies)),
    toMs(Math.max(...latencies)),
    ownParts.length === 0 ? '-' : `${toMs(median(ownParts))} / ${toMs(Math.max(...ownParts))}`,
    toCell(cpu, 'ms'),
    toCell(memory, 'MB'),
  ];
  return `| ${cells.join(' | ')} |`;
}

async function runSize(program: string, services: number): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const cluster = cleanup.keep(await startCluster(program));
    const count = String(services);
    const load = [
      '--services',
      count,
      '--ingresses',
      count,
      '--endpoints-per-service',
      String(endpointsPerService),
    ];
    cluster.server.run('load', [...load, '--namespaces', String(namespaces)]);
    const access = { http: cluster.httpUrl, kubeconfig: cluster.kubeconfig };
    const [namespace = '', name = ''] = certificateSecret.split('/');
    const pair = ['--cert', certFile ?? '', '--key', keyFile ?? ''];
    await cluster.kubectl('create', 'secret', 'tls', name, '--namespace', namespace, ...pair);
    const starts = [
      () => startOverProvider(access),
      () => startOverFairlead(access, 'endpoints'),
      () => startOverFairlead(access, 'clusterip'),
    ];
    for (const start of starts) {
      const way = cleanup.keep(await start());
      const moved = { name: 'endpoints', change: moveEndpoints };
      const renamed = { name: 'host', change: renameHost };
      for (const what of way.followsEndpoints ? [moved, renamed] : [renamed])
        console.log(toRow(services, await measure(access, way, what, services)));
      await way.stop();
    }
  } finally {
    await cleanup.run();
  }
}

async function run(program: string): Promise<void> {
  const echo = await addressEcho(backendPort);
  const sizes = positionals.map(Number);
  console.log(
    '| Services | through: what changed | median | max | Fairlead to its client: median / max | CPU of one change | resident |',
  );
  console.log('| ---: | --- | ---: | ---: | ---: | --- | --- |');
  try {
    for (const services of sizes.length > 0 ? sizes : [1_000, 10_000]) await runSize(program, services);
  } finally {
    await echo.stop();
  }
}

const program = findApiServer('the propagation of a change');
process.exitCode =
  program === undefined
    ? 1
    : await inPrivateNetwork([fileURLToPath(import.meta.url), ...args], () => run(program));
