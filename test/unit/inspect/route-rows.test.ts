import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openReplay } from '../../../src/app/open-replay.ts';

const examples = join(import.meta.dirname, '../../../examples');
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => join(examples, entry.name));
const io = {
  version: '0',
  env: {},
  cwd: examples,
  out: () => undefined,
  err: () => undefined,
  terminal: false,
  colours: false,
  stopped: new Promise<void>(() => undefined),
  onHangup: () => undefined,
};

test('the routes are those of the document, each with the servers of its service', async () => {
  const { replay } = await openReplay({ directories: folders }, io);
  const document = JSON.parse(replay.body('default').toString());
  const rows = replay.inspection.routes();
  expect(rows.length).toBeGreaterThan(10);
  for (const { protocol, router, rule, service, servers, middlewares, tls } of rows) {
    const { tls: secured, middlewares: chain = [], ...written } = document[protocol].routers[router];
    expect({ rule: '', ...written }).toMatchObject({ rule, service });
    expect([chain, secured !== undefined]).toEqual([middlewares, tls]);
    const balancer = document[protocol].services[service].loadBalancer;
    if (balancer !== undefined)
      expect(servers).toEqual(
        balancer.servers.map(({ url, address }: Record<string, string>) => url ?? address),
      );
    else expect(servers.length).toBeGreaterThan(0);
  }
});
