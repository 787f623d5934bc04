import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask } from './support/edge-client.ts';
import { toGateway, toRoute, toRule, toService, toText } from './support/gateway.ts';
import { toRouterErrors } from './support/raw-data.ts';
import { startWorld, type World } from './support/world.ts';

// What a fleet gets whose Traefiks are older than 3.7, through a real Traefik, which reads it as well.

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  const listeners = [
    { name: 'http', port: 80, protocol: 'HTTP' },
    { name: 'inner', port: 80, protocol: 'HTTP', hostname: 'inner.test' },
  ];
  const rules = [toRule('/share', [], 'web', 'gone'), toRule('/whole', [], 'gone'), toRule('/', [], 'web')];
  const objects = [
    ...toGateway(listeners),
    ...toService('web', '10.244.1.17'),
    toRoute('all', rules, { sectionName: 'http' }),
  ];
  world = cleanup.keep(
    await startWorld({
      config: { fleets: [{ name: 'default', traefik: '3.6' }] },
      texts: { 'all.yaml': toText(...objects) },
      backends: [() => httpEcho('10.244.1.17', 8080)],
    }),
  );
  const data = await world.waitFor(({ routers }) =>
    Object.keys(routers).some((key) => key.includes('whole')),
  );
  expect(toRouterErrors(data)).toEqual([]);
});
afterAll(() => cleanup.run());

const status = async (host: string, path: string): Promise<number> => (await ask(host, { path })).status;

it('a rule that leads to nothing answers 500', async () => {
  expect(await status('a.test', '/whole')).toBe(500);
});

it('so does a share of a rule', async () => {
  const statuses = [];
  for (let count = 0; count < 10; count += 1) statuses.push(await status('a.test', '/share'));
  expect(statuses.filter((each) => each === 500)).toHaveLength(5);
  expect(statuses.filter((each) => each === 200)).toHaveLength(5);
});

it('a listener without routes answers 404 in place of a wider one', async () => {
  expect(await status('a.test', '/')).toBe(200);
  expect(await status('inner.test', '/')).toBe(404);
});
