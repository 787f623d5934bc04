import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowness } from '../support/slowness.ts';
import { tcpGreeter } from './support/backends.ts';
import { readBanks, readProblems, startBank, untilBank } from './support/banks.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { startFairlead, type Fairlead } from './support/fairlead.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { tcpConnect, type TcpConnection } from './support/socket-client.ts';
import type { Traefik } from './support/traefik.ts';
import { startWorld, type World } from './support/world.ts';

const address = '10.244.1.17';
const greeting = `5.7.44-fairlead ${address}:3306`;

/** Services that ask for a pool port each. */
function toManifest(...names: readonly string[]): string {
  const objects = names.flatMap((name) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'rds', annotations: { 'fairlead.dev/expose': 'true' } },
      spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace: 'rds', labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'mysql', port: 3306 }],
      endpoints: [{ addresses: [address] }],
    },
  ]);
  return objects.map((object) => stringify(object)).join('---\n');
}

function listNames(prefix: string, from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${from + index}`);
}

async function greets(port: number, host = '127.0.0.1'): Promise<boolean> {
  const connection = await tcpConnect(host, port);
  try {
    return (await connection.readLine(2_000)) === greeting;
  } catch {
    return false;
  } finally {
    await connection.stop();
  }
}

async function isRefused(port: number): Promise<boolean> {
  return tcpConnect('127.0.0.1', port).then(
    async (connection) => {
      await connection.stop();
      return false;
    },
    () => true,
  );
}

describe('a pool that grows', () => {
  const cleanup = new Cleanup();
  const connections: TcpConnection[] = [];
  const holders = listNames('holder', 0, 40);
  let world: World;
  let bank: Traefik;
  let before: ReadonlyMap<string, number>;

  beforeAll(async () => {
    world = cleanup.keep(
      await startWorld({
        backends: [() => tcpGreeter(address, 3306)],
        config: {
          fleets: [
            {
              ports: {
                tcp: { range: '20000-20149' },
                udp: null,
                requestable: null,
                cooldown: '1h',
                bank: 50,
                spare: 5,
                bankGrace: '1h',
              },
            },
          ],
        },
      }),
    );
    world.write('holders.yaml', toManifest(...holders));
    await world.waitFor(({ tcpRouters }) => Object.keys(tcpRouters).length > holders.length);
    before = (await readBanks(world.fairlead)).held;
    for (const port of before.values()) {
      for (let count = 0; count < 5; count += 1) {
        const connection = await tcpConnect('127.0.0.1', port);
        expect(await connection.readLine()).toBe(greeting);
        connections.push(connection);
      }
    }
  });

  afterAll(async () => {
    for (const connection of connections) await connection.stop();
    await cleanup.run();
  });

  /** Each of the connections answers. */
  async function askAll(text: string): Promise<void> {
    const answers = await Promise.all(connections.map((connection) => connection.ask(text, 15_000)));
    expect(answers.filter((answer) => answer !== text)).toEqual([]);
  }

  it('opens a bank while 200 connections are held and 50 tenants come and go: none is dropped, and nobody moves', async () => {
    const { states } = await readBanks(world.fairlead);
    expect(states).toEqual(['open', 'closed', 'closed']);
    const tenants = new Set<string>();
    let opened: { readonly ms: number } | undefined;
    for (let round = 0; round < 5; round += 1) {
      for (const name of listNames('tenant', round * 10, 10)) tenants.add(name);
      // Of those who came before, two go: their ports cool down.
      for (const name of [...tenants].slice(0, round === 0 ? 0 : 2)) tenants.delete(name);
      world.write('tenants.yaml', toManifest(...tenants));
      await askAll(`round ${round}`);
      if (opened !== undefined) continue;
      await untilBank(world.fairlead, 1, 'wanted');
      const wantedAt = performance.now();
      expect(await readProblems(world.fairlead, 'bank-wanted')).toEqual([
        'Bank 1 of fleet default is wanted; 1 bank is open',
      ]);
      bank = cleanup.keep(await startBank({ fairlead: world.fairlead, cwd: world.root, bank: 1 }));
      await untilBank(world.fairlead, 1, 'open');
      opened = { ms: performance.now() - wantedAt };
    }
    const all = [...holders, ...tenants].map((name) => `Service/rds/${name}`);
    const held = await eventually('all have a port', 20_000, async () => {
      const { held: now } = await readBanks(world.fairlead);
      return all.every((name) => now.has(name)) && now;
    });
    console.log(`from wanted to open, with the start of Traefik: ${Math.round(opened?.ms ?? NaN)} ms`);
    expect(Math.max(...held.values())).toBeGreaterThan(20_050);
    for (const name of holders.map((each) => `Service/rds/${each}`))
      expect(held.get(name)).toBe(before.get(name));
    for (const [name, port] of held)
      await eventually(`${name} answers on ${port}`, 20_000, () => greets(port));
    await askAll('at the end');
    expect(connections.filter(({ closed }) => closed)).toEqual([]);
    console.log(`connections: ${connections.length}, dropped: 0, ports moved: 0, held: ${held.size}`);
  });

  it('goes on without the Traefik of a bank that is killed, and has it again when it is back', async () => {
    const { held } = await readBanks(world.fairlead);
    const far = [...held.values()].filter((port) => port >= 20_050);
    const [port = 0] = far;
    process.kill(bank.pid, 'SIGKILL');
    await eventually('its ports are refused', 10_000, () => isRefused(port));
    await askAll('a bank is gone');
    expect(await greets(20_000)).toBe(true);
    const [problem] = await eventually('it is reported', 60_000, async () => {
      const found = await readProblems(world.fairlead, 'bank-unpolled');
      return found.length > 0 && found;
    });
    expect(problem).toBe(
      `Bank 1 of fleet default holds ${far.length} ports, and no Traefik polls it. It stays open`,
    );
    expect((await readBanks(world.fairlead)).states).toEqual(['open', 'open', 'closed']);
    cleanup.keep(await startBank({ fairlead: world.fairlead, cwd: world.root, bank: 1 }));
    await eventually('it answers again', 20_000, () => greets(port));
    await eventually(
      'it is no problem any more',
      20_000,
      async () => (await readProblems(world.fairlead, 'bank-unpolled')).length === 0,
    );
    expect((await readBanks(world.fairlead)).held).toEqual(held);
    await askAll('it is back');
    expect(connections.filter(({ closed }) => closed)).toEqual([]);
  });

  it('knows its banks after a restart, before any Traefik has polled', async () => {
    const { held } = await readBanks(world.fairlead);
    await world.restartFairlead('crash');
    const after = await readBanks(world.fairlead);
    expect(after.states.slice(0, 2)).toEqual(['open', 'open']);
    expect(after.held).toEqual(held);
    await askAll('Fairlead is back');
  });
});

describe('a fleet of two hosts', () => {
  const cleanup = new Cleanup();
  let fairlead: Fairlead;
  let cwd: string;

  beforeAll(async () => {
    requirePrivateNetwork();
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    cwd = folder.path;
    mkdirSync(join(cwd, 'manifests'));
    const names = listNames('db', 0, 6);
    writeFileSync(join(cwd, 'manifests', 'all.yaml'), toManifest(...names));
    cleanup.keep(await tcpGreeter(address, 3306));
    const ports = { tcp: { range: '21000-21011' }, udp: null, requestable: null, bank: 4, spare: 0 };
    const config = {
      sources: [{ name: 'vms', directory: { path: './manifests' } }],
      fleets: [{ ports: { ...ports, bankGrace: '5s', shrink: true, cooldown: '1s' } }],
      ledger: { file: './ports.json' },
    };
    fairlead = cleanup.keep(await startFairlead({ cwd, config }));
  });

  afterAll(() => cleanup.run());

  const start = async (bank: number, host: string, bind: string): Promise<Traefik> =>
    cleanup.keep(await startBank({ fairlead, cwd, bank, host, bind }));

  it('opens a bank when both of them poll it, though they come from one address', async () => {
    await start(0, 'edge-1', '127.0.0.1');
    await start(0, 'edge-2', '127.0.0.2');
    await untilBank(fairlead, 1, 'wanted');
    await start(1, 'edge-1', '127.0.0.1');
    const [message] = await eventually('it is said who is missing', 30_000, async () => {
      const found = await readProblems(fairlead, 'bank-wanted');
      return found[0]?.includes('edge-2') === true && found;
    });
    expect(message).toBe(
      'Bank 1 of fleet default is wanted, and not polled yet by host edge-2; 1 bank is open',
    );
    await sleep(2_000 * slowness());
    const { states, held } = await readBanks(fairlead);
    expect(states).toEqual(['open', 'wanted', 'closed']);
    expect(held.size).toBe(4);
    await start(1, 'edge-2', '127.0.0.2');
    await untilBank(fairlead, 1, 'open');
    const ports = await eventually('all have a port', 15_000, async () => {
      const { held: now } = await readBanks(fairlead);
      return now.size === 6 && now;
    });
    for (const port of ports.values()) {
      for (const host of ['127.0.0.1', '127.0.0.2'])
        await eventually(`${host}:${port} answers`, 20_000, () => greets(port, host));
    }
  });

  it('closes a bank that nobody needs, where that is asked for, before its Traefiks end', async () => {
    writeFileSync(join(cwd, 'manifests', 'all.yaml'), toManifest('db-0'));
    await untilBank(fairlead, 1, 'closing', 60_000);
    // It is polled all the same, and nobody is given a port of it.
    writeFileSync(join(cwd, 'manifests', 'all.yaml'), toManifest(...listNames('db', 0, 3)));
    await eventually('they have ports', 15_000, async () => (await readBanks(fairlead)).held.size === 3);
    expect(Math.max(...(await readBanks(fairlead)).held.values())).toBeLessThan(21_004);
    // Needed again, it opens at once: its Traefiks still run.
    writeFileSync(join(cwd, 'manifests', 'all.yaml'), toManifest(...listNames('db', 0, 6)));
    await untilBank(fairlead, 1, 'open');
  });
});
