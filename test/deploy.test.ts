import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { parseCall } from '../src/cli/parse-call.ts';
import { serve } from '../src/cli/serve.ts';
import { acceptSeconds, graceSeconds } from '../src/traefik/static/entry-point.ts';
import { root } from './support/built-manifests.ts';
import { printed } from './support/printed.ts';

const folder = join(root, 'deploy');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const page = readFileSync(join(root, 'docs/install.md'), 'utf8');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

describe.each(['compose/fairlead.yaml', 'systemd/fairlead.yaml'])('deploy/%s', (path) => {
  test('is a configuration, also to an editor', async () => {
    const call = printed(['config', 'check', '-c', path], { cwd: folder, env: {} });
    await expect(call).resolves.toBe('');
    const isValid = new Ajv({ strict: false }).compile(
      JSON.parse(readFileSync(join(root, 'docs/fairlead.schema.json'), 'utf8')),
    );
    expect([isValid(parse(read(path))), isValid.errors]).toEqual([true, null]);
  });

  test('has a Traefik that polls over loopback, with the same pool', async () => {
    const text = await printed(['traefik', '-c', path], { cwd: folder, env: {} });
    const made = z
      .looseObject({ entryPoints: z.record(z.string(), z.unknown()), providers: z.unknown() })
      .parse(parse(text));
    expect(Object.keys(made.entryPoints)).toHaveLength(4 + 200);
    expect(made.providers).toMatchObject({ http: { endpoint: 'http://127.0.0.1:9080/traefik/default' } });
  });
});

test('the folder of machines has routes and no mistakes', async () => {
  const cwd = join(folder, 'compose');
  await expect(printed(['check', '--strict', 'vms'], { cwd, env: {} })).resolves.toBe('');
  const document = await printed(['render', 'vms'], { cwd, env: {} });
  for (const url of ['http://192.168.7.57:8080', 'http://192.168.7.58:8080', '192.168.7.60:3306'])
    expect(document).toContain(url);
});

const file = z.strictObject({
  type: z.literal('bind'),
  source: z.string().startsWith('./'),
  target: z.string().startsWith('/'),
  read_only: z.literal(true),
  bind: z.strictObject({ create_host_path: z.literal(false) }).optional(),
});
const volume = z.strictObject({
  type: z.literal('volume'),
  source: z.string(),
  target: z.string().startsWith('/'),
});
const healthcheck = z.strictObject({
  test: z.tuple([z.literal('CMD')], z.string()),
  interval: z.string(),
  timeout: z.string(),
  start_period: z.string().optional(),
});
/** The fields of the Compose Specification that are used, as it has them: what is misspelled is not among them. */
const compose = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string(),
    z.strictObject({
      image: z.string().regex(/^[a-z]+:v?\d+\.\d+(\.\d+)?$/),
      command: z.array(z.string()),
      network_mode: z.literal('host'),
      restart: z.literal('unless-stopped'),
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal('ALL')]),
      cap_add: z.array(z.string()).optional(),
      security_opt: z.tuple([z.literal('no-new-privileges:true')]),
      environment: z.record(z.string(), z.string()).optional(),
      stop_grace_period: z.string().optional(),
      volumes: z.array(z.discriminatedUnion('type', [file, volume])),
      healthcheck,
    }),
  ),
  volumes: z.record(z.string(), z.strictObject({})),
});

describe('deploy/compose/compose.yaml', () => {
  const { services, volumes } = compose.parse(parse(read('compose/compose.yaml')));
  const { fairlead, traefik } = services;

  test('runs the images of this version, with what is in its folder', () => {
    expect(fairlead?.image).toBe(`fairlead:${version}`);
    const mounted = Object.values(services).flatMap((service) => service.volumes);
    const files = mounted.flatMap((mount) => (mount.type === 'bind' ? [mount.source.slice(2)] : []));
    // The one that is missing is what the first command makes.
    expect(files.toSorted()).toEqual(
      [...new Set([...readdirSync(join(folder, 'compose')), 'traefik.yml'])]
        .filter((name) => name !== 'compose.yaml')
        .toSorted(),
    );
    const named = mounted.flatMap((mount) => (mount.type === 'volume' ? [mount.source] : []));
    expect(named).toEqual(Object.keys(volumes));
  });

  test('reads and writes where something is mounted', () => {
    const [, ...args] = fairlead?.command ?? [];
    const config = parseCall(serve.spec, args)?.options.text('config');
    const targets = fairlead?.volumes.map(({ target }) => target);
    expect(targets).toEqual([config, '/vms', '/home/nonroot']);
    expect(parse(read('compose/fairlead.yaml'))).toMatchObject({
      sources: [{ directory: { path: '/vms' } }],
      ledger: { file: '/home/nonroot/fairlead-ports.json' },
    });
    expect(traefik?.command).toEqual([`--configFile=${traefik?.volumes[0]?.target}`]);
    expect(Number.parseInt(traefik?.stop_grace_period ?? '', 10)).toBeGreaterThan(
      acceptSeconds + graceSeconds,
    );
  });

  test.each([
    [200, 0],
    [503, 1],
  ])('takes %i of /readyz for %i', async (status, code) => {
    const server = createServer((_request, response) => response.writeHead(status).end()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = z.custom<AddressInfo>().parse(server.address());
    const [, , ...args] = fairlead?.healthcheck.test ?? [];
    const child = spawn(
      process.execPath,
      args.map((text) => text.replace(':9081', `:${port}`)),
    );
    expect(await once(child, 'exit')).toEqual([code, null]);
    server.close();
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  if (!hasCompose) console.log('!!  SKIPPED: what docker makes of deploy/compose\n!!  - no `docker compose`');
  test.skipIf(!hasCompose)('is taken by docker', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: join(folder, 'compose'),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('the units of systemd', () => {
  const units = ['deploy/systemd', 'manifests/overlays/external/edge-host'].flatMap((path) =>
    readdirSync(join(root, path))
      .filter((name) => name.endsWith('.service'))
      .map((name) => join(path, name)),
  );
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  if (!hasSystemd) console.log('!!  SKIPPED: what systemd makes of the units\n!!  - no systemd-analyze');

  test('are all looked at', () => expect(units).toHaveLength(4));

  test.skipIf(!hasSystemd).each(units)('%s is well-formed', (path) => {
    const temp = mkdtempSync(join(tmpdir(), 'fairlead-units-'));
    try {
      // The programs need not be installed where the tests run.
      const text = readFileSync(join(root, path), 'utf8').replaceAll(
        /\/usr\/local\/bin\/(fairlead|traefik)/g,
        '/bin/true',
      );
      const unit = join(temp, path.split('/').at(-1) ?? '');
      writeFileSync(unit, text);
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    } finally {
      rmSync(temp, { recursive: true });
    }
  });

  test('start the programs with what is there', () => {
    const [, line = ''] =
      /^ExecStart=\S+\/fairlead serve (.*)$/m.exec(read('systemd/fairlead.service')) ?? [];
    expect(parseCall(serve.spec, line.split(' '))?.options.text('config')).toBe(
      '/etc/fairlead/fairlead.yaml',
    );
    expect(parse(read('systemd/fairlead.yaml'))).toMatchObject({
      ledger: { file: '/var/lib/fairlead/ports.json' },
    });
    expect(read('systemd/fairlead.service')).toContain('\nStateDirectory=fairlead\n');
    const [, stop] = /^TimeoutStopSec=(\d+)$/m.exec(read('systemd/traefik.service')) ?? [];
    expect(Number(stop)).toBeGreaterThan(acceptSeconds + graceSeconds);
  });
});

test('docs/install.md runs the image over a folder with settings that there are', async () => {
  const [, command = ''] = /\n(docker run --detach [^`]*)```/.exec(page) ?? [];
  const env = Object.fromEntries(
    [...command.matchAll(/--env (\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  expect(Object.keys(env)).toHaveLength(4);
  const cwd = mkdtempSync(join(tmpdir(), 'fairlead-run-'));
  try {
    await expect(printed(['config', 'check'], { cwd, env })).resolves.toBe('');
    await expect(
      printed(['config', 'check'], { cwd, env: { ...env, FAIRLEAD_LEDGER_FIL: 'x' } }),
    ).rejects.toThrow();
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
