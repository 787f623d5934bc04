import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findHelmProgram } from '../support/chart.ts';
import { httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { untilServed } from './support/edge-client.ts';
import { stopEdge } from './support/edge-host.ts';
import { eventually } from './support/eventually.ts';
import { projectRoot, startFairlead } from './support/fairlead.ts';
import { follow, inWorld } from './support/page-shell.ts';
import { makeHost, makePlace, startIn, type Host, type Place } from './support/page-place.ts';
import { findServerProgram } from './support/programs.ts';

// The commands of the pages that need no cluster: see docs-snippets.e2e.ts.

const listen = { provider: '127.0.0.1:9080', admin: '127.0.0.1:9081' };
const samples = join(projectRoot, 'deploy');
const machines = ['192.168.7.57', '192.168.7.58'];

const helm = findHelmProgram();
const hasTools = helm !== undefined && findServerProgram('kubectl') !== undefined;
if (!hasTools) console.log('!!  SKIPPED: the commands of the pages in a folder\n!!  - no helm or no kubectl');

describe.skipIf(!hasTools)('in a folder', () => {
  const cleanup = new Cleanup();
  let place: Place;

  beforeAll(async () => {
    place = await makePlace(cleanup);
    symlinkSync(helm ?? '', join(place.bin, 'helm'));
    const at = (...path: readonly string[]): string => join(place.cwd, ...path);
    for (const name of ['manifests', 'manifests-new', 'chart/templates', 'overlays/prod'])
      cpSync(join(samples, 'compose/vms'), at(name), { recursive: true });
    const changed = readFileSync(at('manifests-new/shop.yaml'), 'utf8');
    writeFileSync(at('manifests-new/shop.yaml'), changed.replaceAll('shop.example', 'new.example'));
    writeFileSync(at('chart/Chart.yaml'), '{apiVersion: v2, name: shop, version: 0.1.0}');
    writeFileSync(at('overlays/prod/kustomization.yaml'), 'resources: [shop.yaml]');
    const config = { sources: [{ name: 'prod', directory: { path: './manifests' } }] };
    const fleets = [{ name: 'default', entryPoints: { http: 'http' } }];
    writeFileSync(at('new.yaml'), JSON.stringify({ ...config, fleets }));
    cleanup.keep(await startFairlead({ cwd: place.cwd, listen, config }));
  });
  afterAll(() => cleanup.run());

  it.each(inWorld('folder'))('$page: $first', (snippet) => follow(snippet, place), 60_000);
});

describe('in a checkout', () => {
  const cleanup = new Cleanup();
  let place: Place;

  beforeAll(async () => {
    place = await makePlace(cleanup);
    const { files } = z
      .object({ files: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
    for (const name of [
      'package.json',
      'LICENSE',
      'README.md',
      ...files.filter((each) => !each.startsWith('!')),
    ])
      cpSync(join(projectRoot, name), join(place.cwd, name), { recursive: true });
    // It was built already; and nothing of this machine is changed.
    const env = {
      npm_config_ignore_scripts: 'true',
      npm_config_offline: 'true',
      npm_config_prefix: join(place.cwd, 'prefix'),
    };
    place = { ...place, env: { ...place.env, ...env, npm_config_cache: join(place.cwd, 'cache') } };
  });
  afterAll(() => cleanup.run());

  it.each(inWorld('checkout'))(
    '$page: $first',
    async (snippet) => {
      await follow(snippet, place);
      const installed = join(place.cwd, 'prefix/bin/fairlead');
      expect(
        execFileSync(installed, ['version'], { encoding: 'utf8', env: { PATH: process.env['PATH'] } }),
      ).toMatch(/^fairlead /);
    },
    60_000,
  );
});

const execStart = /^ExecStart=\/usr\/local\/bin\/(.*)$/m;
const inHost = inWorld('host');
const ofPage = (name: string): typeof inHost => inHost.filter(({ page }) => page === name);

describe('on a host with systemd', () => {
  const cleanup = new Cleanup();
  let host: Host;

  beforeAll(async () => {
    host = await makeHost(cleanup);
    symlinkSync(samples, join(host.cwd, 'deploy'));
    for (const address of machines) cleanup.keep(await httpEcho(address, 8080));
  });
  afterAll(() => cleanup.run());

  it.each(ofPage('docs/install.md'))(
    '$page: $first, and the units have all that they need',
    async (snippet) => {
      await follow(snippet, host);
      for (const name of ['fairlead', 'traefik']) {
        const unit = readFileSync(join(host.etc, `systemd/system/${name}.service`), 'utf8');
        const [, state] = /^StateDirectory=(.*)$/m.exec(unit) ?? [];
        if (state !== undefined) mkdirSync(join(host.state, state));
        cleanup.keep(await startIn(host, z.string().parse(execStart.exec(unit)?.[1])));
      }
      await untilServed(['127.0.0.1'], ['shop.example.com']);
    },
    60_000,
  );

  it.each(ofPage('docs/doctor.md'))(
    '$page: $first',
    (snippet) => follow(snippet, { ...host, cwd: join(host.etc, 'fairlead') }),
    60_000,
  );
});

describe('on an edge host', () => {
  const cleanup = new Cleanup();
  const running = new Cleanup();
  const token = 'the-token-of-the-edge-0001';
  let host: Host;

  beforeAll(async () => {
    host = await makeHost(cleanup);
    const folder = join(host.etc, 'fairlead-edge');
    mkdirSync(folder);
    writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
    const [key, cert] = [join(host.cwd, 'key.pem'), join(folder, 'ca.pem')];
    const name = ['-subj', '/CN=fairlead', '-addext', 'subjectAltName=DNS:fairlead.example.com'];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', [...kind, '-days', '2', '-keyout', key, '-out', cert, ...name], {
      stdio: 'pipe',
    });
    for (const address of machines) cleanup.keep(await httpEcho(address, 8080));
    const sources = [{ name: 'vms', directory: { path: join(samples, 'compose/vms') } }];
    const start = async (cwd: string, provider: object, at: typeof listen): Promise<void> => {
      mkdirSync(cwd);
      cleanup.keep(await startFairlead({ cwd, config: { sources, provider }, listen: at }));
    };
    await start(join(host.cwd, 'near'), {}, listen);
    const tls = { cert, key };
    const at = { provider: '10.9.0.1:30980', admin: '127.0.0.1:9082' };
    await start(join(host.cwd, 'far'), { tokens: [token], tls }, at);
  });
  afterAll(async () => {
    await running.run();
    await cleanup.run();
  });

  // Each `fairlead edge` runs until the next one.
  it.each(inWorld('edge'))(
    '$page: $first',
    async (snippet) => {
      if (!snippet.first.startsWith('fairlead edge')) return follow(snippet, host);
      await running.run();
      const edge = await startIn(host, snippet.text);
      running.add(() => stopEdge(edge));
      await eventually('a Traefik', 15_000, () => edge.logs().includes('"Traefik started"'), edge.ended);
      await untilServed(['127.0.0.1'], ['shop.example.com']);
    },
    60_000,
  );
});
