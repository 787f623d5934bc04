import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { httpEcho, tcpGreeter, type HttpEcho } from './support/backends.ts';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { ask, readGreeting, untilServed } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { projectRoot, runFairlead, startFairlead } from './support/fairlead.ts';
import { findTraefik } from './support/private-network.ts';

// The samples of deploy/ as they stand there, but for the folders; only a network of its own has their addresses and ports.

const folder = join(projectRoot, 'deploy/compose');
const cleanup = new Cleanup();
const traefik = z.string().parse(findTraefik());
let machines: readonly HttpEcho[] = [];
let staticFile = '';

beforeAll(async () => {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  const text = readFileSync(join(folder, 'fairlead.yaml'), 'utf8')
    .replace('path: /vms', `path: ${join(folder, 'vms')}`)
    .replace('/home/nonroot', temp.path);
  const config = z.record(z.string(), z.unknown()).parse(parse(text));
  const listen = { provider: '127.0.0.1:9080', admin: '127.0.0.1:9081' };
  const fairlead = cleanup.keep(await startFairlead({ cwd: temp.path, config, listen }));
  machines = await Promise.all(['192.168.7.57', '192.168.7.58'].map((address) => httpEcho(address, 8080)));
  for (const each of machines) cleanup.keep(each);
  cleanup.keep(await tcpGreeter('192.168.7.60', 3306));
  const { stdout } = await runFairlead(['traefik', ...fairlead.configArgs]);
  staticFile = join(temp.path, 'traefik.yml');
  writeFileSync(staticFile, stdout);
  cleanup.keep(await startChild(traefik, [`--configFile=${staticFile}`], { patienceMs: 100 }));
});
afterAll(() => cleanup.run());

it('brings clients to the machines and to the database', async () => {
  await untilServed(['127.0.0.1'], ['shop.example.com']);
  for (let count = 0; count < 3; count++) expect((await ask('shop.example.com')).status).toBe(200);
  expect(machines.map(({ hits }) => hits > 0)).toEqual([true, true]);
  const greeting = await eventually('the database greets', 15_000, () => readGreeting('127.0.0.1', 20_000));
  expect(greeting).toContain('192.168.7.60:3306');
});

it('answers the health checks of compose.yaml', () => {
  const { services } = z
    .looseObject({
      services: z.record(
        z.string(),
        z.looseObject({ healthcheck: z.looseObject({ test: z.array(z.string()) }) }),
      ),
    })
    .parse(parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')));
  const [, , ...asked] = services['fairlead']?.healthcheck.test ?? [];
  expect(spawnSync(process.execPath, asked).status).toBe(0);
  const [, , command = '', file = ''] = services['traefik']?.healthcheck.test ?? [];
  expect(file).toBe('--configFile=/etc/traefik/traefik.yml');
  const checked = spawnSync(traefik, [command, `--configFile=${staticFile}`], {
    encoding: 'utf8',
  });
  expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining('OK')]);
});
