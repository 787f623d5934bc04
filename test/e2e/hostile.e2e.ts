import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceObject } from '../../src/model/objects.ts';
import { startBytesProvider, type BytesProvider } from '../golden/support/bytes-provider.ts';
import { hostileSettings, hostileWorld, innocents } from '../golden/support/hostile-world.ts';
import { mark } from '../golden/support/marker.ts';
import { replay, toSets } from '../golden/support/replay.ts';
import { Cleanup } from './support/cleanup.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { toRouterErrors, type RawData } from './support/raw-data.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

const cleanup = new Cleanup();
let provider: BytesProvider;
let traefik: Traefik;

beforeAll(async () => {
  requirePrivateNetwork();
  provider = cleanup.keep(await startBytesProvider());
  const pool = Array.from({ length: 13 }, (_, index) => 20_000 + index).flatMap((port) => [
    [`tcp-${port}`, { address: `127.0.0.1:${port}` }],
    [`udp-${port}`, { address: `127.0.0.1:${port}/udp` }],
  ]);
  const entryPoints = {
    web: { address: '127.0.0.1:80' },
    websecure: { address: '127.0.0.1:443' },
    ready: { address: '127.0.0.1:8082' },
    ...Object.fromEntries(pool),
  };
  const staticConfig = JSON.stringify({
    providers: provider.providers,
    entryPoints,
    ping: { entryPoint: 'ready' },
  });
  traefik = cleanup.keep(await startTraefik({ staticConfig }));
});
afterAll(() => cleanup.run());

let count = 0;

/** What Traefik makes of the innocent objects and these. */
async function load(objects: readonly SourceObject[]): Promise<RawData> {
  const { pipeline } = replay(hostileSettings, [toSets(innocents), toSets(objects)]);
  const marker = mark(pipeline, 'default', String(count++));
  provider.serve(pipeline.toBody('default'));
  return traefik.waitFor(({ routers }) => marker in routers);
}

/** Whatever belongs to the innocent objects, but for the counts of who uses it. */
function findInnocent(data: RawData): object {
  const { routers, services, middlewares, tcpRouters, tcpServices, tcpMiddlewares } = data;
  const maps = { routers, services, middlewares, tcpRouters, tcpServices, tcpMiddlewares };
  return Object.fromEntries(
    Object.entries(maps).map(([kind, map]) => [
      kind,
      Object.fromEntries(
        Object.entries(map)
          .filter(([name]) => name.startsWith('innocent_'))
          .map(([name, part]) => [name, { ...part, usedBy: undefined }]),
      ),
    ]),
  );
}

describe('whatever tenants write', () => {
  it('a real Traefik takes it all, and the routers of the innocent stay as they were', async () => {
    const alone = await load([]);
    const before = findInnocent(alone);
    expect(Object.keys(alone.routers).filter((name) => name.startsWith('innocent_'))).toHaveLength(8);
    await fc.assert(
      fc.asyncProperty(hostileWorld, async (objects) => {
        const data = await load(objects);
        expect(toRouterErrors(data)).toEqual([]);
        expect(findInnocent(data)).toEqual(before);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
