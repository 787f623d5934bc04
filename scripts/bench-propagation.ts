/*
 * `npm run bench:propagation [-- SERVICES…]`: how long a change of a backend takes from the API server to the answers of an
 * edge, through Fairlead and a Traefik, and through the Kubernetes Ingress provider of a Traefik. Each has the machine
 * for itself, on the same API server. `--certificate`: each Traefik has a default certificate; without one it makes a new RSA
 * key with every change, which costs it from 20 to 200 ms. `--together`: both at once. `--cpu-prof`: a profile of Fairlead in ./profiles.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { addressEcho } from '../test/e2e/support/address-echo.ts';
import { findApiServer } from '../test/e2e/support/apiserver.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { startCluster } from '../test/e2e/support/cluster.ts';
import { projectRoot, startFairlead, type Fairlead } from '../test/e2e/support/fairlead.ts';
import { isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import {
  findTraefik,
  probePrivateNetwork,
  runInPrivateNetwork,
} from '../test/e2e/support/private-network.ts';
import { readCpuMs, readResidentMb } from '../test/e2e/support/process-figures.ts';
import { startTraefik, type Traefik } from '../test/e2e/support/traefik.ts';
import { readStaticConfig } from '../test/e2e/support/world.ts';

const timedChanges = 15;
const quietChanges = 6;
const namespaces = 20;
const backendPort = 8080;
const throttle = '100ms';
const args = process.argv.slice(2);
const withCertificate = args.includes('--certificate');
const certificateFile = join(makeTempFolder().path, 'certificate.yml');

/** A way from the API server to an edge. */
interface Way {
  readonly name: string;
  readonly edge: string;
  readonly processes: ReadonlyMap<string, number>;
  readonly fairlead?: Fairlead;
  stop(): Promise<void>;
}

interface Place {
  readonly http: string;
  readonly kubeconfig: string;
}

/** A default certificate is dynamic configuration, which a Traefik may have from a file beside its provider. */
function addDefaultCertificate(staticConfig: string): string {
  if (!withCertificate) return staticConfig;
  const config = z.looseObject({ providers: z.looseObject({}) }).parse(parse(staticConfig));
  return stringify({ ...config, providers: { ...config.providers, file: { filename: certificateFile } } });
}

function writeCertificateFile(): void {
  const [certFile, keyFile] = ['crt', 'key'].map((end) =>
    join(projectRoot, `test/e2e/fixtures/wildcard-test-com.${end}`),
  );
  writeFileSync(
    certificateFile,
    stringify({ tls: { stores: { default: { defaultCertificate: { certFile, keyFile } } } } }),
  );
}

async function startOverFairlead({ kubeconfig }: Place): Promise<Way> {
  const cleanup = new Cleanup();
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const profile = args.includes('--cpu-prof')
    ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${join(projectRoot, 'profiles')}` }
    : {};
  const fairlead = cleanup.keep(
    await startFairlead({
      cwd: folder.path,
      config: {
        sources: [{ name: 'cluster', kubernetes: { kubeconfig } }],
        ingress: { unclassed: 'take' },
        fleets: [
          { name: 'default', ports: { tcp: { range: '20000-20001' }, udp: { range: '20000-20001' } } },
        ],
        ledger: { file: join(folder.path, 'ports.json') },
      },
      env: profile,
    }),
  );
  const staticConfig = addDefaultCertificate(await readStaticConfig(fairlead, folder.path));
  const edge = '127.0.0.1';
  const traefik: Traefik = cleanup.keep(await startTraefik({ staticConfig, bind: edge, logLevel: 'ERROR' }));
  const processes = new Map([
    ['Fairlead', fairlead.pid],
    ['Traefik', traefik.pid],
  ]);
  return { name: 'Fairlead', edge, processes, fairlead, stop: () => cleanup.run() };
}

async function startOverProvider({ kubeconfig }: Place): Promise<Way> {
  const edge = '127.0.0.2';
  process.env['KUBECONFIG'] = kubeconfig;
  const traefik = await startTraefik({
    staticConfig: [
      `--providers.kubernetesIngress.throttleDuration=${throttle}`,
      `--providers.providersThrottleDuration=${throttle}`,
      `--entryPoints.web.address=${edge}:80`,
      ...(withCertificate ? [`--providers.file.filename=${certificateFile}`] : []),
    ],
    logLevel: 'ERROR',
  });
  return {
    name: 'own provider',
    edge,
    processes: new Map([['Traefik', traefik.pid]]),
    stop: () => traefik.stop(),
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
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return { headers: incoming.headers, body: Buffer.concat(chunks) };
}

/** Moves the backend of a Service to another address; resolves with when the server had taken it. */
async function moveBackend({ http }: Place, index: number, address: string): Promise<number> {
  const url = `${http}/apis/discovery.k8s.io/v1/namespaces/rig-${index % namespaces}/endpointslices/rig-svc-${index}`;
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ endpoints: [{ addresses: [address], conditions: { ready: true } }] }),
  });
  const taken = performance.now();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return taken;
}

/** When the answers of an edge come from the address. */
async function untilServed(agent: Agent, edge: string, index: number, address: string): Promise<number> {
  const url = `http://${edge}/`;
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const { body } = await ask(agent, url, { host: `host-${index}.example.test` });
    if (body.toString().endsWith(address)) return performance.now();
    await sleep(2);
  }
  throw new Error(`${edge} never came to ${address}`);
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
  readonly latencies: number[];
  /** From the server's answer until a client of Fairlead has the new revision. */
  readonly ownParts: number[];
  /** Of one change, by process. */
  cpu: ReadonlyMap<string, number>;
  memory: ReadonlyMap<string, number>;
}

async function measure(place: Place, ways: readonly Way[], services: number): Promise<readonly Figures[]> {
  const agent = new Agent({ keepAlive: true });
  const figures = ways.map((way) => toFigures(way));
  for (const { edge } of ways) await warmUp(agent, edge);
  const followers = ways.map(({ fairlead }) => fairlead && new Follower(fairlead));
  for (const follower of followers) await follower?.start();
  for (let change = 0; change < timedChanges; change++) {
    // Not in step with any ticker.
    await sleep(1_500 + Math.random() * 700);
    await timeChange(place, { agent, ways, followers, figures, index: (change * 7_919) % services });
  }
  for (const follower of followers) follower?.stop();
  agent.destroy();
  const slowest = Math.max(...figures.flatMap(({ latencies }) => latencies));
  const cpu = await measureCpu(place, ways, services, 500 + 2 * slowest);
  for (const [nth, way] of ways.entries()) {
    const each = figures[nth];
    if (each === undefined) continue;
    each.cpu = cpu[nth] ?? new Map();
    each.memory = new Map([...way.processes].map(([name, pid]) => [name, readResidentMb(pid)]));
  }
  return figures;
}

function toFigures({ name }: Way): Figures {
  return { name, latencies: [], ownParts: [], cpu: new Map(), memory: new Map() };
}

interface TimedChange {
  readonly agent: Agent;
  readonly ways: readonly Way[];
  readonly followers: readonly (Follower | undefined)[];
  readonly figures: readonly Figures[];
  readonly index: number;
}

async function timeChange(
  place: Place,
  { agent, ways, followers, figures, index }: TimedChange,
): Promise<void> {
  const address = nextAddress();
  const arrivals = followers.map((follower) => follower?.next());
  const taken = moveBackend(place, index, address);
  await Promise.all(
    ways.map(async ({ edge }, nth) => {
      const at = await untilServed(agent, edge, index, address);
      figures[nth]?.latencies.push(at - (await taken));
      const arrived = await arrivals[nth];
      if (arrived !== undefined) figures[nth]?.ownParts.push(arrived - (await taken));
    }),
  );
}

let lastAddress = 0;

function nextAddress(): string {
  lastAddress += 1;
  return `11.0.${lastAddress >> 8}.${lastAddress & 255}`;
}

/** Without requests, which cost a Traefik time of their own. */
async function measureCpu(place: Place, ways: readonly Way[], services: number, pauseMs: number) {
  const readAll = (): readonly ReadonlyMap<string, number>[] =>
    ways.map(({ processes }) => new Map([...processes].map(([name, pid]) => [name, readCpuMs(pid)])));
  await sleep(2_000);
  const before = readAll();
  for (let change = 0; change < quietChanges; change++) {
    await moveBackend(place, (change * 104_729) % services, nextAddress());
    await sleep(pauseMs);
  }
  return readAll().map((after, nth) => {
    const start = before[nth];
    return new Map([...after].map(([name, ms]) => [name, (ms - (start?.get(name) ?? 0)) / quietChanges]));
  });
}

async function warmUp(agent: Agent, edge: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask(agent, `http://${edge}/`, { host: 'host-0.example.test' });
    if (/^\d+(\.\d+){3}$/.test(answer.body.toString())) return sleep(2_000);
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
    const load = ['--services', count, '--ingresses', count, '--endpoints-per-service', '1'];
    cluster.server.run('load', [...load, '--namespaces', String(namespaces)]);
    const place = { http: cluster.httpUrl, kubeconfig: cluster.kubeconfig };
    const starts = [startOverFairlead, startOverProvider];
    for (const group of args.includes('--together') ? [starts] : starts.map((start) => [start])) {
      const ways: Way[] = [];
      for (const start of group) ways.push(cleanup.keep(await start(place)));
      for (const figures of await measure(place, ways, services)) console.log(toRow(services, figures));
      for (const way of ways) await way.stop();
    }
  } finally {
    await cleanup.run();
  }
}

async function run(program: string): Promise<void> {
  const echo = await addressEcho(backendPort);
  const sizes = args.map(Number).filter((size) => size > 0);
  console.log(
    '| Services | through | median | max | Fairlead to its client: median / max | CPU of one change | resident |',
  );
  console.log('| ---: | --- | ---: | ---: | ---: | --- | --- |');
  try {
    for (const services of sizes.length > 0 ? sizes : [1_000, 10_000]) await runSize(program, services);
  } finally {
    await echo.stop();
  }
}

async function main(): Promise<number> {
  const program = findApiServer('the propagation of a change');
  const traefik = findTraefik();
  if (program === undefined) return 1;
  if (typeof traefik !== 'string') {
    console.log(`This needs Traefik (${traefik.what}). ${traefik.remedy}`);
    return 1;
  }
  if (isPrivateNetwork()) {
    // The processes have other numbers here than outside.
    execFileSync('mount', ['-t', 'proc', 'proc', '/proc']);
    writeCertificateFile();
    await run(program);
    return 0;
  }
  const network = probePrivateNetwork();
  if (network.kind === 'unavailable') {
    for (const { what, remedy } of network.missing)
      console.log(`This needs a private network (${what}). ${remedy}`);
    return 1;
  }
  const self = [
    process.execPath,
    '--import',
    import.meta.resolve('tsx'),
    fileURLToPath(import.meta.url),
    ...args,
  ];
  return runInPrivateNetwork(network.flags, self, { TRAEFIK_BIN: traefik });
}

process.exitCode = await main();
