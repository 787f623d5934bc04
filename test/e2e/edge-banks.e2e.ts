import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { tcpGreeter } from './support/backends.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { tcpConnect, type TcpConnection } from './support/client.ts';
import { isAlive, startEdge, type EdgeHost } from './support/edge-host.ts';
import { eventually } from './support/eventually.ts';
import { startFairlead, type Fairlead } from './support/fairlead.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

/** Two hosts behind one address, which is any of theirs. */
const ips = ['127.0.0.11', '127.0.0.12'] as const;
const root = makeTempFolder();
cleanup.add(() => root.remove());
const manifests = join(root.path, 'manifests');
const hosts: EdgeHost[] = [];
let fairlead: Fairlead;

/** Four banks of five ports, or as many as the range has. */
async function serve(range: string): Promise<Fairlead> {
  const ports = { tcp: { range }, udp: null, requestable: null, bank: 5, spare: 2 };
  return startFairlead({
    cwd: root.path,
    ...(fairlead === undefined ? {} : { listen: fairlead.listen }),
    config: {
      sources: [{ name: 'manifests', directory: { path: manifests } }],
      ledger: { file: join(root.path, 'ports.json') },
      fleets: [{ name: 'default', ports }],
    },
  });
}

beforeAll(async () => {
  requirePrivateNetwork();
  mkdirSync(manifests);
  cleanup.keep(await tcpGreeter('10.244.2.1', 3306));
  for (const tenant of [1, 2, 3]) addTenant(tenant);
  fairlead = await serve('20400-20419');
  cleanup.add(() => fairlead.stop());
  for (const [index, ip] of ips.entries()) {
    const args = ['--bind', ip, '--host', `host-${index}`, '--dir', `edge-${index}`, '--grace', '10m'];
    hosts.push(cleanup.keep(await startEdge({ cwd: root.path, server: fairlead.providerUrl, args })));
  }
});

function addTenant(tenant: number): void {
  const service = {
    namespace: `tenant-${tenant}`,
    name: 'db',
    annotations: { 'fairlead.dev/expose': 'true' },
    ports: [{ name: 'mysql', port: 3306 }],
    addresses: ['10.244.2.1'],
  };
  writeFileSync(join(manifests, `tenant-${tenant}.yaml`), toManifests(service));
}

const report = z.object({
  banks: z.array(z.object({ bank: z.number(), state: z.string() })),
  ports: z.array(z.object({ port: z.number(), holder: z.string(), state: z.string() })),
});

async function readReport(): Promise<z.infer<typeof report>> {
  return report.parse(await (await fetch(`${fairlead.adminUrl}/api/ports`)).json());
}

async function stateOf(bank: number): Promise<string | undefined> {
  return (await readReport()).banks.find((row) => row.bank === bank)?.state;
}

function portOf(tenant: number): Promise<number> {
  const holder = `Service/tenant-${tenant}/db`;
  return eventually(`a port of tenant ${tenant}`, 20_000, async () => {
    const { ports } = await readReport();
    return ports.find((row) => row.holder === holder && row.state === 'held')?.port;
  });
}

/** A connection through one host, which has been greeted. */
async function connectThrough(ip: string, port: number): Promise<TcpConnection> {
  const connection = await eventually(`${ip}:${port} serves`, 20_000, async () => {
    const attempt = await tcpConnect(ip, port);
    if ((await attempt.readLine(500).catch(() => ''))?.startsWith('5.7')) return attempt;
    await attempt.stop();
    return undefined;
  });
  cleanup.add(() => connection.stop());
  return connection;
}

async function expectAlive(connections: readonly TcpConnection[]): Promise<void> {
  const answers = await Promise.allSettled(connections.map((each) => each.ask('still there?', 15_000)));
  expect(answers.filter((answer) => answer.status === 'rejected')).toEqual([]);
}

function listStarted(host: EdgeHost): readonly number[] {
  return host.lines('Traefik started').map(({ bank }) => bank ?? NaN);
}

function findTraefik(host: EdgeHost, bank: number): number {
  return host.lines('Traefik started').findLast((line) => line.bank === bank)?.pid ?? NaN;
}

it('opens a bank that is wanted on each host, and touches nothing that runs', async () => {
  const held: TcpConnection[] = [];
  for (const ip of ips) {
    for (const tenant of [1, 2, 3]) held.push(await connectThrough(ip, await portOf(tenant)));
    while (held.length % 50 !== 0) held.push(await connectThrough(ip, await portOf(1)));
  }
  expect(held).toHaveLength(100);
  const before = await Promise.all([1, 2, 3].map(portOf));
  expect([await stateOf(1), hosts.map(listStarted)]).toEqual(['closed', [[0], [0]]]);

  addTenant(4);
  // Fairlead learns for 10 s who polls before it opens anything.
  await eventually('bank 1 is open', 30_000, async () => (await stateOf(1)) === 'open');
  expect(hosts.map(listStarted)).toEqual([
    [0, 1],
    [0, 1],
  ]);

  for (const tenant of [5, 6, 7]) addTenant(tenant);
  const ports = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(portOf));
  expect(ports.slice(0, 3)).toEqual(before);
  expect(new Set(ports).size).toBe(7);
  expect(ports.filter((port) => port >= 20_405).length).toBeGreaterThanOrEqual(2);
  for (const ip of ips) for (const port of ports) await (await connectThrough(ip, port)).stop();
  await expectAlive(held);
  for (const connection of held) await connection.stop();
});

it('starts the Traefik of one bank again, while the connections of the other banks live', async () => {
  const [host] = hosts;
  if (host === undefined) throw new Error('no host');
  const { ports } = await readReport();
  for (const [killed, spared] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const portIn = (bank: number): number =>
      ports.find(({ port, state }) => state === 'held' && Math.floor((port - 20_400) / 5) === bank)?.port ??
      NaN;
    const living = [
      await connectThrough(ips[0], portIn(spared)),
      await connectThrough(ips[1], portIn(killed)),
    ];
    const pid = findTraefik(host, killed);
    process.kill(pid, 'SIGKILL');
    await eventually('another one', 10_000, () => findTraefik(host, killed) !== pid, host.ended);
    await (await connectThrough(ips[0], portIn(killed))).stop();
    await expectAlive(living);
    for (const connection of living) await connection.stop();
  }
});

it('ends a bank that is gone for good, and lets its connections finish', async () => {
  const { ports } = await readReport();
  for (const { port, holder } of ports) {
    if (port >= 20_410) rmSync(join(manifests, `${holder.split('/')[1]}.yaml`));
  }
  const inBank =
    ports.find(({ port, state }) => state === 'held' && port >= 20_405 && port < 20_410)?.port ?? NaN;
  const living = await connectThrough(ips[0], inBank);
  const pids = hosts.map((host) => findTraefik(host, 1));
  await fairlead.stop();
  fairlead = await serve('20400-20404');
  const told = 'Traefik is ending, open connections may finish';
  for (const host of hosts)
    await eventually('it is told', 60_000, () => host.lines(told).some(({ bank }) => bank === 1), host.ended);
  await eventually('the idle one has ended', 40_000, () => !isAlive(pids[1] ?? NaN));
  await expectAlive([living]);
  expect(isAlive(pids[0] ?? NaN)).toBe(true);
  await living.stop();
  await eventually('the other one has ended', 20_000, () => !isAlive(pids[0] ?? NaN));
});
