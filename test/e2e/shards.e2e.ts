import { afterAll, expect, it } from 'vitest';
import { Cleanup } from './support/cleanup.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld } from './support/world.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

it('an answer whose maps are divided is whole for Traefik', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `web-${index}`);
  const services = names.map((name) => ({
    namespace: 'shop',
    name,
    annotations: { 'fairlead.dev/host': `${name}.test.com`, 'fairlead.dev/retries': '2' },
    ports: [{ name: 'http', port: 8080 }],
    addresses: ['10.244.9.9'],
  }));
  const world = cleanup.keep(await startWorld({ config: { provider: { shards: 16 } } }));
  world.write('web.yaml', toManifests(...services));
  await world.waitFor(
    (data) => Object.keys(data.routers).filter((key) => key.startsWith('shop_')).length === names.length,
  );
  expect(await world.traefik.routerErrors()).toEqual([]);
});
