/*
 * `npm run bench:banks`: what 10,000 pool ports in 100 banks cost, beside as many in one bank and beside a pool of 100. Of Fairlead:
 * the memory, and the processor time of one change of a backend; of the one Traefik that has the port: the same, the start, and the
 * bytes that it decodes. Each shape has the machine for itself, in a private network.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { OpenBank } from '../src/model/ports.ts';
import { formatLedger } from '../src/ports/ledger/ledger-document.ts';
import { startBank } from '../test/e2e/support/banks.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { eventually } from '../test/e2e/support/eventually.ts';
import { startFairlead, type Fairlead } from '../test/e2e/support/fairlead.ts';
import { readCpuMs, readResidentMb } from '../test/e2e/support/process-figures.ts';
import { inPrivateNetwork } from './in-private-network.ts';

/** A pool: how many ports, and how many of them in one bank. */
interface Shape {
  readonly ports: number;
  readonly bank: number | null;
}

const shapes: readonly Shape[] = [
  { ports: 100, bank: null },
  { ports: 10_000, bank: null },
  { ports: 10_000, bank: 100 },
];
const changes = 10;
const pauseMs = 2_000;
const firstPort = 20_000;
const filesOf = 500;

function toName(index: number): string {
  return `db-${String(index).padStart(5, '0')}`;
}

function toService(index: number): object {
  const metadata = {
    name: toName(index),
    namespace: `team-${index % 20}`,
    annotations: { 'fairlead.dev/expose': 'true' },
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: 'None', ports: [{ port: 3306 }] },
  };
}

function toSlice(index: number, generation = 0): object {
  const metadata = {
    name: `${toName(index)}-1`,
    namespace: `team-${index % 20}`,
    labels: { 'kubernetes.io/service-name': toName(index) },
  };
  const addresses = [`10.${(index >> 8) & 255}.${index & 255}.${1 + generation}`];
  const ports = [{ port: 3306 }];
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses }],
  };
}

function toText(objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

/** All ports are to be given out, so all banks have to be open: as if Traefiks had polled for them. */
function writeLedger(path: string, { ports, bank }: Shape): void {
  const now = new Date().toISOString();
  const count = bank === null ? 1 : Math.ceil(ports / bank);
  const banks = Array.from({ length: count - 1 }, (_, index): OpenBank => ({
    fleet: 'default',
    bank: index + 1,
    since: now,
    polled: now,
  }));
  if (banks.length > 0) writeFileSync(path, formatLedger({ entries: [], banks }));
}

async function readMetric({ adminUrl }: Fairlead, line: RegExp): Promise<number> {
  return Number(line.exec(await (await fetch(`${adminUrl}/metrics`)).text())?.[1]);
}

async function measure(shape: Shape): Promise<string> {
  const cleanup = new Cleanup();
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  try {
    const { ports, bank } = shape;
    // In the middle, so that with banks it is none that has anything else.
    const changed = Math.floor(ports / 2);
    const manifests = join(folder.path, 'manifests');
    mkdirSync(manifests);
    for (let from = 0; from < ports; from += filesOf) {
      const indexes = Array.from({ length: Math.min(filesOf, ports - from) }, (_, index) => from + index);
      const objects = indexes.flatMap((index) =>
        index === changed ? [toService(index)] : [toService(index), toSlice(index)],
      );
      writeFileSync(join(manifests, `${String(from).padStart(5, '0')}.yaml`), toText(objects));
    }
    const write = (generation: number): void =>
      writeFileSync(join(manifests, 'changed.yaml'), toText([toSlice(changed, generation)]));
    write(0);
    writeLedger(join(folder.path, 'ports.json'), shape);
    const range = `${firstPort}-${firstPort + ports - 1}`;
    const pool = { tcp: { range }, udp: null, requestable: null, bank, bankGrace: '168h' };
    const config = {
      sources: [{ name: 'bench', directory: { path: './manifests' } }],
      fleets: [{ ports: pool }],
      limits: { namespace: { routes: 100_000 }, fleet: { routes: 1_000_000 } },
      ledger: { file: './ports.json' },
    };
    const fairlead = cleanup.keep(await startFairlead({ cwd: folder.path, config }));
    await eventually(
      'all ports are held',
      60_000,
      async () => (await readMetric(fairlead, /^fairlead_pool_ports\{.*state="held"\} (\d+)$/m)) === ports,
    );
    return await measureChanges(shape, fairlead, folder.path, write, cleanup);
  } finally {
    await cleanup.run();
  }
}

/** The pool port of the Service whose backend is changed. They are given out by namespace and name. */
async function findChangedPort({ adminUrl }: Fairlead, ports: number): Promise<number> {
  const name = toName(Math.floor(ports / 2));
  const text = await (await fetch(`${adminUrl}/api/ports`)).text();
  const row = JSON.parse(text).ports.find(({ holder }: { holder: string }) => holder.endsWith(`/${name}`));
  return Number(row?.port);
}

/** Until what comes of the start is done. */
async function untilIdle(pids: readonly number[]): Promise<void> {
  const read = (): number => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  for (let before = read(), left = 60; left > 0; left -= 1) {
    await sleep(2_000);
    const after = read();
    if (after - before < 500) return;
    before = after;
  }
  throw new Error('there is no end of work');
}

async function measureChanges(
  { ports, bank }: Shape,
  fairlead: Fairlead,
  cwd: string,
  write: (generation: number) => void,
  cleanup: Cleanup,
): Promise<string> {
  const own = bank === null ? 0 : Math.floor(((await findChangedPort(fairlead, ports)) - firstPort) / bank);
  const began = performance.now();
  const traefik = cleanup.keep(await startBank({ fairlead, cwd, bank: own }));
  const startMs = performance.now() - began;
  const pids = [fairlead.pid, traefik.pid];
  const document = `${fairlead.providerUrl}/traefik/default${own === 0 ? '' : `/${own}`}`;
  // Not by metrics: with thousands of ports they cost more than a change.
  const readRevision = async (): Promise<string | null> =>
    (await fetch(document, { method: 'HEAD' })).headers.get('X-Fairlead-Revision');
  const read = (): readonly number[] => [performance.now(), ...pids.map(readCpuMs)];
  const revisions = /^fairlead_revision_changes_total\{.*\} (\d+)$/m;
  const revised = await readMetric(fairlead, revisions);
  await untilIdle(pids);
  const idle = read();
  await sleep(changes * pauseMs);
  const quiet = read();
  for (let change = 1; change <= changes; change += 1) {
    const before = await readRevision();
    write(change);
    await eventually('it is published', 60_000, async () => (await readRevision()) !== before);
    await sleep(pauseMs);
  }
  const busy = read();
  const passed = ((busy[0] ?? 0) - (quiet[0] ?? 0)) / ((quiet[0] ?? 0) - (idle[0] ?? 0));
  const cpu = pids.map((_, index) => {
    const [before = 0, middle = 0, after = 0] = [idle, quiet, busy].map((each) => each[index + 1]);
    return Math.round((after - middle - (middle - before) * passed) / changes);
  });
  const seen = (await readMetric(fairlead, revisions)) - revised;
  if (seen !== changes) throw new Error(`${seen} documents have changed, and not ${changes}`);
  const bytes = new RegExp(`^fairlead_config_bytes\\{.*bank="${own}".*\\} (\\d+)$`, 'm');
  const size = Math.round((await readMetric(fairlead, bytes)) / 1_000);
  const cells = [
    ports.toLocaleString('en-US'),
    bank === null ? '1' : String(Math.ceil(ports / bank)),
    `${readResidentMb(fairlead.pid)} MB`,
    `${cpu[0]} ms`,
    `${size} kB`,
    `${cpu[1]} ms`,
    `${readResidentMb(traefik.pid)} MB`,
    `${(startMs / 1_000).toFixed(1)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

async function run(): Promise<void> {
  console.log(
    '| ports | banks | Fairlead | one change | its document | that Traefik, one change | resident | start |',
  );
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const shape of shapes) console.log(await measure(shape));
}

process.exitCode = await inPrivateNetwork([fileURLToPath(import.meta.url)], run);
