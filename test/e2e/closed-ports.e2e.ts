import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPort, readHeldPorts } from './support/admin-data.ts';
import { tcpGreeter, udpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, udpAsk } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const range = '20200-20209';
const cleanup = new Cleanup();
let world: World;
let echo: Awaited<ReturnType<typeof udpEcho>>;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [
          {
            name: 'default',
            addresses: ['edge.test.com'],
            ports: {
              tcp: { range },
              udp: { range },
              requestable: null,
              cooldown: '1h',
            },
          },
        ],
      },
      backends: [() => tcpGreeter('10.244.1.1', 53), async () => (echo = await udpEcho('10.244.1.1', 53))],
    }),
  );
});
afterAll(() => cleanup.run());

/** How a TCP connection ends to which nothing is said, and after how many milliseconds: `silence` when it does not. */
async function knock(port: number): Promise<{ readonly end: string; readonly ms: number }> {
  const before = performance.now();
  const connection = await tcpConnect('127.0.0.1', port, {});
  try {
    const end = await connection.readLine(3_000).catch((error: unknown) => String(error));
    return { end: /nothing came in time/.test(end) ? 'silence' : end, ms: performance.now() - before };
  } finally {
    await connection.stop();
  }
}

function write(name: string): void {
  world.write(
    `${name}.yaml`,
    toManifests({
      namespace: 'dns',
      name,
      annotations: { 'fairlead.dev/expose': 'true' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
      addresses: ['10.244.1.1'],
    }),
  );
}

describe('a pool port that nobody holds', () => {
  it('is closed at once on TCP, and drops what comes on UDP', async () => {
    await world.waitFor(
      ({ tcpRouters, udpRouters }) => 'closed@http' in tcpRouters && 'closed@http' in udpRouters,
    );
    expect(await world.traefik.routerErrors()).toEqual([]);
    const { end, ms } = await knock(20_205);
    expect(end).toMatch(/ended|closed|reset/i);
    expect(ms).toBeLessThan(1_000);
    await expect(udpAsk('127.0.0.1', 20_205, 'who?', 500)).rejects.toThrow();
  });

  it('does not go on serving the backend of the Service that gave it back', async () => {
    write('server');
    await eventually('the port', 5_000, async () => (await readHeldPorts(world)).length === 1);
    const port = await findPort(world, 'Service/dns/server', 53);
    expect(
      await eventually('an answer', 5_000, () =>
        udpAsk('127.0.0.1', port, 'who?', 300).catch(() => undefined),
      ),
    ).toBe('10.244.1.1:53 who?');
    const held = await world.waitFor(({ tcpRouters }) => 'dns_server_53@http' in tcpRouters);
    for (const routers of [held.tcpRouters, held.udpRouters]) {
      const users = Object.values(routers).filter(({ entryPoints = [] }) =>
        entryPoints.some((name) => name.endsWith(`-${port}`)),
      );
      expect(users).toHaveLength(1);
    }
    world.remove('server.yaml');
    await world.waitFor(({ udpRouters }) => !('dns_server_53@http' in udpRouters));
    const { hits } = echo;
    await expect(udpAsk('127.0.0.1', port, 'still there?', 500)).rejects.toThrow();
    expect(echo.hits).toBe(hits);
    expect((await knock(port)).end).toMatch(/ended|closed|reset/i);
    write('server');
    await eventually('an answer again', 10_000, () =>
      udpAsk('127.0.0.1', port, 'again?', 300).catch(() => undefined),
    );
  });
});
