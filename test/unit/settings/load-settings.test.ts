import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isConfigured, loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { findSettingsWarnings } from '../../../src/settings/warnings.ts';

/** The block of the contract, with a folder as its only source and without what clusters alone can have. */
const normative = `
listen: { provider: "127.0.0.1:9080", admin: "127.0.0.1:9081" }
sources:                          # one or more; names must differ
  - name: vms
    directory: { path: ./vms, watch: true }
    required: true                # false: start without it, and add it when it answers
fleets:                           # a fleet: Traefik instances that share one static configuration
  - name: default
    ingressClasses: [fairlead]
    gatewayClasses: [fairlead]
    listeners: { 80: web, 443: websecure }
    plugins: []
    entryPoints: { http: web, https: websecure }
    addresses: [edge.example.com] # published in Ingress status and with each allocated port
    traefik: "3.7"                # nothing is emitted that this version of Traefik would not decode (from 3.0)
    ports:
      tcp: { range: "20000-20099", entryPoint: "tcp-{port}" }
      udp: { range: "20000-20099", entryPoint: "udp-{port}" }
      requestable: "20080-20099"  # the band for ports asked for by number; the rest is handed out (null: one band)
      cooldown: 10m               # a freed port rests before another Service may get it
      maxPerNamespace: null
imports: []
ingress:
  controller: fairlead.dev/ingress-controller
  adopt: []
  unclassed: ignore               # or take
  priorities: spec
services:
  annotations: { expose: fairlead.dev/expose, allocated: "{protocol}.fairlead.dev/{port}" }
  allowExternalName: false
  backends: endpoints
  ipFamily: any
  clusterDomain: cluster.local
  externalEndpoints: { allowedCIDRs: ["0.0.0.0/0", "::/0"], namespaces: [] }
limits:
  annotation: 16384
  object: { hosts: 200, paths: 500, routes: 500, ports: 500, endpoints: 5000, middlewares: 50, certificates: 50, bytes: 1048576 }
  namespace: { routes: 5000 }
  fleet: { routes: 50000 }
healthChecks: { workers: 16, perNamespace: 50, total: 1000 }
admin: { users: [], tokens: [] }
provider: { hold: 4s, debounce: 50ms, maxWait: 1s, tokens: [], tls: null }
writeBack: { announceAfter: 5s }
ledger: { file: ./fairlead-ports.json, retiredSources: [] }
leaderElection: { lease: fairlead-system/fairlead }
lastKnownGood: null
`;

/** What has no default: the sources, and the addresses, which nobody can guess. */
const least = `
sources: [{name: vms, directory: {path: ./vms}}]
fleets: [{addresses: [edge.example.com]}]
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-settings-'));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc/normative.yaml'), normative);
  writeFileSync(join(folder, 'etc/least.yaml'), least);
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (configPath: string, env = {}) => loadSettings({ configPath, env, cwd: folder });

describe('the file', () => {
  test('has the defaults of the contract', () => {
    expect(load('etc/least.yaml')).toEqual(load('etc/normative.yaml'));
  });

  test('leaves out a standard port of listeners that a pool has', () => {
    const env = {
      FAIRLEAD_SOURCES: '[{name: vms, directory: {path: .}}]',
      FAIRLEAD_FLEETS: '[{entryPoints: {http: http}, ports: {tcp: {range: 400-500}, requestable: null}}]',
    };
    const { fleets } = loadSettings({ env, cwd: folder });
    expect([...(fleets[0]?.listeners ?? [])]).toEqual([[80, 'http']]);
  });

  test('resolves units, and paths from its own folder', () => {
    expect(load('etc/normative.yaml')).toEqual({
      listen: {
        provider: { host: '127.0.0.1', port: 9080 },
        admin: { host: '127.0.0.1', port: 9081 },
        hosts: [],
        trustForwarded: false,
      },
      sources: [{ name: 'vms', required: true, directory: { path: join(folder, 'etc/vms'), watch: true } }],
      fleets: [
        {
          name: 'default',
          ingressClasses: ['fairlead'],
          gatewayClasses: ['fairlead'],
          listeners: new Map([
            [80, 'web'],
            [443, 'websecure'],
          ]),
          plugins: [],
          entryPoints: { http: 'web', https: 'websecure', ready: 'ready' },
          addresses: ['edge.example.com'],
          traefik: { major: 3, minor: 7 },
          pools: [
            {
              name: 'default',
              ranges: {
                tcp: { range: { from: 20000, to: 20099 }, entryPoint: 'tcp-{port}' },
                udp: { range: { from: 20000, to: 20099 }, entryPoint: 'udp-{port}' },
              },
              requestable: { from: 20080, to: 20099 },
              cooldownMs: 600_000,
              maxPerNamespace: null,
              namespaces: [],
              labels: {},
              bank: null,
              spare: 10,
              bankGraceMs: 3_600_000,
              shrink: false,
            },
          ],
        },
      ],
      imports: [],
      ingress: {
        controller: 'fairlead.dev/ingress-controller',
        adopt: [],
        unclassed: 'ignore',
        hostOwnership: 'shared',
        owners: [],
        references: { ownNamespace: true, rules: [] },
        priorities: 'spec',
      },
      gateway: { controller: 'fairlead.dev/gateway-controller' },
      services: {
        expose: [{ key: 'fairlead.dev/expose', allocated: '{protocol}.fairlead.dev/{port}' }],
        allowExternalName: false,
        externalNames: { allowed: [] },
        ipFamily: 'any',
        clusterDomain: 'cluster.local',
        backends: 'endpoints',
        backendRules: [],
        externalEndpoints: { allowedCIDRs: ['0.0.0.0/0', '::/0'], namespaces: [], rules: [] },
      },
      certificates: { warnBeforeMs: 14 * 86_400_000 },
      healthChecks: { workers: 16, perNamespace: 50, total: 1_000 },
      admin: { users: [], tokens: [] },
      limits: {
        annotation: 16_384,
        object: {
          hosts: 200,
          paths: 500,
          routes: 500,
          ports: 500,
          endpoints: 5_000,
          middlewares: 50,
          certificates: 50,
          bytes: 1_048_576,
        },
        namespace: { routes: 5_000 },
        fleet: { routes: 50_000 },
      },
      writeBack: { announceAfterMs: 5000 },
      provider: {
        holdMs: 4000,
        debounceMs: 50,
        maxWaitMs: 1000,
        shards: 1,
        tokens: [],
        tls: null,
        shrinkGuard: { mode: 'hold', share: 0.5, minimum: 50, forMs: 30_000, rules: [] },
        keysWithoutToken: 'loopback',
      },
      ledger: { file: join(folder, 'etc/fairlead-ports.json'), retiredSources: [] },
      log: { level: 'info', format: 'auto' },
      leaderElection: { lease: { namespace: 'fairlead-system', name: 'fairlead' } },
      lastKnownGood: null,
    });
  });

  test('gives settings that nothing can change', () => {
    const { fleets } = load('etc/least.yaml');
    expect(() => Object.assign(fleets[0]?.pools[0]?.ranges.tcp?.range ?? {}, { from: 1 })).toThrow(TypeError);
  });

  test('that was named and is not there is reported', () => {
    expect(() => load('gone.yaml')).toThrow(/^gone\.yaml: cannot be read \(got ENOENT\); \S/);
  });

  test.each(['/dev/zero', '/dev/full'])('is never read from %s', (device) => {
    expect(() => load(device)).toThrow(
      `${device}: cannot be read (got NOT_REGULAR); name a regular file, not a device or a pipe`,
    );
  });

  test('can be named by FAIRLEAD_CONFIG, and -c comes before it', () => {
    const env = { FAIRLEAD_CONFIG: 'etc/least.yaml' };
    expect(loadSettings({ env, cwd: folder }).sources[0]).toMatchObject({
      directory: { path: join(folder, 'etc/vms') },
    });
    expect(() => load('gone.yaml', env)).toThrow(/gone\.yaml/);
  });

  test('fairlead.yaml of the current folder is read when none is named', () => {
    const cwd = join(folder, 'cwd');
    mkdirSync(cwd);
    expect(isConfigured({ env: {}, cwd })).toBe(false);
    expect(() => loadSettings({ env: {}, cwd })).toThrow(/^sources: is missing; add it, such as sources: /);
    writeFileSync(join(cwd, 'fairlead.yaml'), least);
    expect(isConfigured({ env: {}, cwd })).toBe(true);
    expect(loadSettings({ env: {}, cwd }).ledger).toMatchObject({ file: join(cwd, 'fairlead-ports.json') });
  });
});

describe('folders on the command line', () => {
  test('leave a ledger in the cluster of a configured source aside', () => {
    const sources = 'sources: [{ name: prod, kubernetes: {} }]';
    const ledger = 'ledger: { configMap: fairlead-system/ports, source: prod }';
    writeFileSync(join(folder, 'etc/cluster.yaml'), `${sources}\n${ledger}\n`);
    const request = { configPath: 'etc/cluster.yaml', env: {}, cwd: folder };
    expect(loadSettings(request).ledger).toMatchObject({ source: 'prod' });
    expect(loadSettings({ ...request, directories: ['x'] }).ledger).toMatchObject({
      file: join(folder, 'etc/fairlead-ports.json'),
    });
  });

  test('take the place of the sources, are not watched, and get names that differ', () => {
    const { sources, fleets } = loadSettings({
      configPath: 'etc/least.yaml',
      env: {},
      cwd: folder,
      directories: ['a/Web Shop', 'b/web_shop', '/', '.'],
    });
    const base = folder.slice(folder.lastIndexOf('/') + 1);
    expect(sources.map(({ name }) => name)).toEqual([
      'web-shop',
      'web-shop-2',
      'source',
      base
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-+|-+$/g, ''),
    ]);
    expect(sources[0]).toMatchObject({ directory: { path: join(folder, 'a/Web Shop'), watch: false } });
    expect(fleets[0]?.addresses).toEqual(['edge.example.com']);
  });

  test.each([
    ['[{ name: prod, directory: { path: y } }]', 'prod'],
    ['[{ name: prod, kubernetes: {} }, { name: vms, directory: { path: y } }]', 'x'],
  ])('have the name of a source only in the place of a single one: %s', (sources, name) => {
    const request = { env: { FAIRLEAD_SOURCES: sources }, cwd: folder, directories: ['x'] };
    expect(loadSettings(request).sources).toMatchObject([{ name }]);
  });

  test('need no configuration', () => {
    expect(loadSettings({ env: {}, cwd: folder, directories: ['x'] }).provider.holdMs).toBe(4000);
  });
});

const withFleet = (fleet: string) => {
  const env = { FAIRLEAD_SOURCES: '[{name: a, directory: {path: x}}]', FAIRLEAD_FLEETS: `[${fleet}]` };
  return loadSettings({ env, cwd: folder }).fleets[0];
};

describe('values that stand for something else', () => {
  test('a pool that is null is not there', () => {
    expect(withFleet('{ports: {udp: null}}')?.pools[0]?.ranges).toEqual({
      tcp: { range: { from: 20000, to: 20099 }, entryPoint: 'tcp-{port}' },
    });
  });

  test('more pools stand behind that of ports, each with what it says and no ports besides', () => {
    const games =
      '{name: games, udp: {range: 27000-27009}, namespaces: ["game-*"], labels: {tier: game}, maxPerNamespace: 2, cooldown: 1m, bank: 5, spare: 0, bankGrace: 2h, shrink: true}';
    const [first, second, ...more] = withFleet(`{pools: [${games}]}`)?.pools ?? [];
    expect(first?.name).toBe('default');
    expect(second).toEqual({
      name: 'games',
      ranges: { udp: { range: { from: 27000, to: 27009 }, entryPoint: 'udp-{port}' } },
      requestable: null,
      cooldownMs: 60_000,
      maxPerNamespace: 2,
      namespaces: ['game-*'],
      labels: { tier: 'game' },
      bank: 5,
      spare: 0,
      bankGraceMs: 7_200_000,
      shrink: true,
    });
    expect(more).toEqual([]);
  });

  test('the standard band of requestable ports goes when no pool has it', () => {
    const pools = 'tcp: {range: 30000-30009}, udp: {range: 30000-30009}';
    expect(withFleet(`{ports: {${pools}}}`)?.pools[0]?.requestable).toBeNull();
    expect(withFleet('{ports: {tcp: null}}')?.pools[0]?.requestable).toEqual({ from: 20080, to: 20099 });
    expect(withFleet('{ports: {requestable: null}}')?.pools[0]?.requestable).toBeNull();
  });

  test('addresses that are looked up stand apart from the fixed ones', () => {
    expect(withFleet('{addresses: [endpoints:edge/traefik, a.example, service:edge/lb]}')).toMatchObject({
      addresses: ['a.example'],
      addressSources: [
        { kind: 'endpoints', namespace: 'edge', name: 'traefik' },
        { kind: 'service', namespace: 'edge', name: 'lb' },
      ],
    });
    expect(withFleet('{addresses: [a.example]}')).not.toHaveProperty('addressSources');
  });

  test('another expose annotation is understood beside our own', () => {
    const env = {
      FAIRLEAD_SOURCES: '[{name: a, directory: {path: x}}]',
      FAIRLEAD_SERVICES_ANNOTATIONS_EXPOSE: 'ingress=haproxy-ingress',
      FAIRLEAD_SERVICES_ANNOTATIONS_ALLOCATED: 'haproxy-ingress/{port}',
    };
    expect(loadSettings({ env, cwd: folder }).services.expose).toEqual([
      { key: 'ingress', value: 'haproxy-ingress', allocated: 'haproxy-ingress/{port}' },
      { key: 'fairlead.dev/expose', allocated: '{protocol}.fairlead.dev/{port}' },
    ]);
  });

  test('our own expose annotation with another answer stays one annotation', () => {
    const env = {
      FAIRLEAD_SOURCES: '[{name: a, directory: {path: x}}]',
      FAIRLEAD_SERVICES_ANNOTATIONS_ALLOCATED: 'x.io/{port}',
    };
    expect(loadSettings({ env, cwd: folder }).services.expose).toEqual([
      { key: 'fairlead.dev/expose', allocated: 'x.io/{port}' },
    ]);
  });
});

test('a hold that outlasts the patience of Traefik is warned of', () => {
  const { provider } = load('etc/least.yaml');
  expect(findSettingsWarnings({ provider: { ...provider, holdMs: 4999 } })).toEqual([]);
  expect(findSettingsWarnings({ provider: { ...provider, holdMs: 5000 } })).toHaveLength(1);
});

function loadCluster(more: string): { readonly cwd: string; readonly settings: Settings } {
  const cwd = mkdtempSync(join(tmpdir(), 'fairlead-'));
  writeFileSync(
    join(cwd, 'fairlead.yaml'),
    `sources: [{name: prod, kubernetes: {kubeconfig: kube/config}}]\n${more}`,
  );
  return { cwd, settings: loadSettings({ env: {}, cwd }) };
}

describe('a cluster', () => {
  test('is a source, with its kubeconfig beside the configuration file', () => {
    const { cwd, settings } = loadCluster('');
    const kubernetes = { kubeconfig: join(cwd, 'kube/config'), context: null, namespaces: [] };
    expect(settings.sources).toEqual([{ name: 'prod', required: true, kubernetes }]);
  });

  test('holds the ledger, unless a file is named', () => {
    const configMap = { namespace: 'fairlead-system', name: 'fairlead-ports' };
    expect(loadCluster('').settings.ledger).toEqual({ source: 'prod', configMap, retiredSources: [] });
    const { cwd, settings } = loadCluster('ledger: {file: ports.json, retiredSources: [west]}');
    expect(settings.ledger).toEqual({ file: join(cwd, 'ports.json'), retiredSources: ['west'] });
  });

  test('is where replicas elect a leader', () => {
    const { settings } = loadCluster('leaderElection: {lease: edge/leader}\nlastKnownGood: kept');
    expect(settings.leaderElection.lease).toEqual({ namespace: 'edge', name: 'leader' });
    expect(settings.lastKnownGood).toMatch(/\/kept$/);
  });
});
