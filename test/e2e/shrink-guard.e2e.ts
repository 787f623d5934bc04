import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readProblems } from './support/admin-data.ts';
import { Cleanup } from './support/cleanup.ts';
import { runFairlead, type CommandResult } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import type { RawData } from './support/raw-data.ts';
import { startWorld, type World } from './support/world.ts';

const cleanup = new Cleanup();
const many = Array.from({ length: 80 }, (_, index) => `s${index}`);
let world: World;

beforeAll(async () => {
  const texts = Object.fromEntries(many.map((name) => [`${name}.yaml`, toService('big', name)]));
  const shrinkGuard = { for: '1h' };
  world = cleanup.keep(
    await startWorld({
      texts: { ...texts, 'a.yaml': toService('small', 'a'), 'b.yaml': toService('small', 'b') },
      config: { provider: { shrinkGuard } },
    }),
  );
  await world.waitFor((data) => countRouters(data, 'big') === 80 && countRouters(data, 'small') === 2);
});
afterAll(() => cleanup.run());

function toService(namespace: string, name: string, address = '10.244.1.1'): string {
  const annotations = { 'fairlead.dev/host': `${name}.${namespace}.test.com` };
  const ports = [{ name: 'http', port: 8080 }];
  return toManifests({ namespace, name, annotations, ports, addresses: [address] });
}

function countRouters({ routers }: RawData, namespace: string): number {
  return Object.keys(routers).filter((name) => name.startsWith(`${namespace}_`)).length;
}

function confirm(...args: readonly string[]): Promise<CommandResult> {
  return runFairlead(['confirm', ...args, '--server', world.fairlead.adminUrl], { cwd: world.root });
}

async function readShrinks(): Promise<readonly { source: string; mode: string }[]> {
  return z
    .array(z.looseObject({ source: z.string(), mode: z.string() }))
    .parse(await world.admin('/api/shrinks'));
}

it('serves what a folder lost at once, while everybody else changes as before', async () => {
  for (const name of many.slice(1)) rmSync(join(world.folder, `${name}.yaml`));
  // Endpoints of what stays follow, also those of the one that lost the most; so does what others delete.
  world.write('s0.yaml', toService('big', 's0', '10.244.1.9'));
  world.write('a.yaml', toService('small', 'a', '10.244.1.8'));
  world.remove('b.yaml');
  const data = await world.waitFor(
    (each) =>
      countRouters(each, 'small') === 1 &&
      ['10.244.1.8', '10.244.1.9'].every((address) => JSON.stringify(each).includes(address)),
  );
  expect(countRouters(data, 'big')).toBe(80);
  expect(await readShrinks()).toMatchObject([{ source: expect.any(String), mode: 'hold', namespaces: 1 }]);
  expect((await readProblems(world)).map(({ code }) => code)).toContain('source-shrunk');
  expect(await world.admin('/readyz')).toMatchObject({ status: 'ready', shrinks: [{ mode: 'hold' }] });
});

it('serves less once that is confirmed', async () => {
  const { status, stdout } = await confirm();
  expect(stdout).toMatch(/^Confirmed: what was lost of \S+ is not served any more\.\n$/);
  expect(status).toBe(0);
  await world.waitFor((each) => countRouters(each, 'big') === 1);
  expect(await readShrinks()).toEqual([]);
  expect((await confirm()).stdout).toBe('Nothing was held back.\n');
});

it('knows its sources', async () => {
  const { status, stderr } = await confirm('--source', 'nobody');
  expect(status).toBe(2);
  expect(stderr).toContain('there is no such source');
});
