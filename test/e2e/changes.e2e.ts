import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cleanup } from './support/cleanup.ts';
import { runFairlead, type CommandResult } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      texts: { 'a.yaml': toService('a', 'a.test.com'), 'b.yaml': toService('b', 'b.test.com') },
    }),
  );
  await world.waitFor(({ tcpRouters }) => tcpRouters['shop_b_3306@http'] !== undefined);
});
afterAll(() => cleanup.run());

function toService(name: string, host: string): string {
  const annotations = { 'fairlead.dev/host': host, 'fairlead.dev/expose': 'true' };
  const ports = [{ name: 'mysql', port: 3306 }];
  return toManifests({ namespace: 'shop', name, annotations, ports, addresses: ['10.244.1.1'] });
}

function diff(...args: readonly string[]): Promise<CommandResult> {
  return runFairlead(['diff', ...args], { cwd: world.root });
}

it('finds nothing between what runs and its own configuration', async () => {
  const { status, stdout, stderr } = await diff(...world.fairlead.configArgs);
  expect(`${stdout}${stderr}`).toBe('Nothing changes; problems: 0 new, 0 gone.\n');
  expect(status).toBe(0);
});

it('says what other manifests would change, and changes nothing', async () => {
  const before = await world.admin('/api/answer');
  mkdirSync(join(world.root, 'next'));
  writeFileSync(join(world.root, 'next/b.yaml'), toService('b', 'c.test.com'));
  const { status, stdout } = await diff('next', '--server', world.fairlead.adminUrl, '--output', 'json');
  const found: unknown = JSON.parse(stdout);
  expect(status).toBe(1);
  expect(found).toMatchObject({
    ports: { added: [], removed: [{ port: 20_000, holder: 'Service/shop/a' }] },
    added: [{ section: 'http.routers', value: { rule: 'Host("c.test.com")' }, object: 'Service/shop/b' }],
  });
  expect(await world.admin('/api/answer')).toEqual(before);
});

it('a server that is not there is an error, and not a difference', async () => {
  const { status, stderr } = await diff('next', '--server', 'http://127.0.0.1:1');
  expect(status).toBe(2);
  expect(stderr).toContain('no Fairlead answers');
});
