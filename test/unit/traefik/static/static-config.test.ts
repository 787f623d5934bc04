import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isPort, type Port } from '../../../../src/model/port.ts';
import { toStaticArgs } from '../../../../src/traefik/static/args.ts';
import { toStaticConfigText } from '../../../../src/traefik/static/format.ts';
import { toHelmValues } from '../../../../src/traefik/static/helm.ts';
import { staticConfigSamples } from '../../../../src/traefik/static/samples.ts';
import { toStaticConfig } from '../../../../src/traefik/static/static-config.ts';
import { toPool } from '../../ports/allocation/notation.ts';
import type { FleetSettings } from '../../../../src/settings/settings.ts';

const folder = new URL('../../../../traefik/', import.meta.url);

function port(number: number): Port {
  if (!isPort(number)) throw new Error(`${number} is no port`);
  return number;
}
const fleet: FleetSettings = {
  name: 'edge',
  ingressClasses: [],
  gatewayClasses: [],
  listeners: new Map(),
  plugins: [],
  entryPoints: { http: 'plain', https: 'tls', ready: 'up' },
  addresses: [],
  traefik: { major: 3, minor: 6 },
  pools: [
    {
      ...toPool({}),
      ranges: { udp: { range: { from: port(5000), to: port(5001) }, entryPoint: 'u{port}' } },
    },
  ],
};
const options = { providerUrl: 'http://127.0.0.1:9080/traefik/edge', holdMs: 4000, token: false };

describe('the folder traefik', () => {
  const samples = staticConfigSamples();

  it('holds the samples and a README, and nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual(
      [...Object.keys(samples), 'README.md', 'plugins-local'].sort(),
    );
  });

  it.each(Object.entries(samples))('%s is what the code makes; if not: npm run docs', (file, text) => {
    expect(readFileSync(new URL(file, folder), 'utf8')).toBe(text);
  });
});

describe('toStaticConfig', () => {
  it('has one entryPoint for each pool port, and defaults that are none of them', () => {
    const lifeCycle = { requestAcceptGraceTimeout: '10s', graceTimeOut: '300s' };
    const toTransport = (readTimeout: string) => ({ respondingTimeouts: { readTimeout }, lifeCycle });
    expect(toStaticConfig(fleet, options).entryPoints).toEqual({
      plain: { address: ':80', asDefault: true, transport: toTransport('600s') },
      tls: { address: ':443', asDefault: true, transport: toTransport('12h') },
      up: { address: '127.0.0.1:8082' },
      traefik: { address: '127.0.0.1:8080' },
      u5000: { address: ':5000/udp' },
      u5001: { address: ':5001/udp' },
    });
  });

  it('polls longer than the provider holds a request', () => {
    expect(toStaticConfig(fleet, options).providers.http.pollTimeout).toBe('5s');
    expect(toStaticConfig(fleet, { ...options, holdMs: 20_500 }).providers.http.pollTimeout).toBe('22s');
  });

  it('polls often only where the provider holds requests', () => {
    expect(toStaticConfig(fleet, options).providers.http.pollInterval).toBe('200ms');
    expect(toStaticConfig(fleet, { ...options, holdMs: 0 }).providers.http.pollInterval).toBe('1s');
  });
});

describe('the PROXY protocol from clients', () => {
  const proxied: FleetSettings = {
    ...fleet,
    pools: fleet.pools.map((pool) => ({
      ...pool,
      ranges: { tcp: { range: { from: port(5000), to: port(5000) }, entryPoint: 't{port}' }, ...pool.ranges },
    })),
    proxyProtocol: { trustedIPs: ['10.0.0.0/24', '10.0.1.0/24'], entryPoints: 'all' },
  };
  const trusting = (entryPoints: 'all' | 'http' | 'pools') =>
    Object.entries(
      toStaticConfig({ ...proxied, proxyProtocol: { trustedIPs: ['10.0.0.0/24'], entryPoints } }, options)
        .entryPoints,
    ).flatMap(([name, { proxyProtocol }]) => (proxyProtocol === undefined ? [] : name));

  it('is for what clients reach over TCP, or a part of it', () => {
    expect(trusting('all')).toEqual(['plain', 'tls', 't5000']);
    expect(trusting('http')).toEqual(['plain', 'tls']);
    expect(trusting('pools')).toEqual(['t5000']);
  });

  it('waits for a header as long as a greeting may be late', () => {
    const { t5000, tls } = toStaticConfig(proxied, options).entryPoints;
    expect(t5000?.transport?.respondingTimeouts).toEqual({ readTimeout: '3s' });
    expect(tls?.transport?.respondingTimeouts).toEqual({ readTimeout: '12h' });
  });

  it('is in every format', () => {
    const argument = '--entryPoints.t5000.proxyProtocol.trustedIPs=10.0.0.0/24,10.0.1.0/24';
    expect(toStaticConfigText('args', proxied, options)).toContain(`${argument}\n`);
    expect(toStaticConfigText('manifest', proxied, options)).toContain(argument);
    const values: unknown = parse(toStaticConfigText('helm', proxied, options));
    expect(values).toMatchObject({
      ports: Object.fromEntries(
        ['plain', 'tls', 't5000'].map((name) => [
          name,
          { proxyProtocol: { trustedIPs: ['10.0.0.0/24', '10.0.1.0/24'] } },
        ]),
      ),
    });
  });
});

describe('arguments', () => {
  it('say the same as the file', () => {
    const config = toStaticConfig(fleet, options);
    const text = toStaticArgs(config);
    expect(text).toContain('--entryPoints.u5001.address=:5001/udp\n');
    expect(text).toContain('--ping.entryPoint=up\n');
    expect(text).toContain('--providers.http.pollInterval=200ms\n');
  });

  it('are quoted so that a shell replaces the token and nothing else', () => {
    const providerUrl = "http://127.0.0.1/$(id)'";
    const lines = toStaticConfigText('args', fleet, { ...options, providerUrl, token: true }).split('\n');
    expect(lines).toContain(String.raw`'--providers.http.endpoint=http://127.0.0.1/$(id)'\'''`);
    expect(lines).toContain(`'--providers.http.headers.Authorization=Bearer '"\${FAIRLEAD_TOKEN}"''`);
  });
});

describe('readiness', () => {
  it('is asked for at /ready, and liveness at /ping, of the DaemonSet and in the values of the chart', () => {
    const text = toStaticConfigText('manifest', fleet, options);
    const pod = {
      terminationGracePeriodSeconds: 330,
      containers: [
        {
          readinessProbe: { httpGet: { path: '/ready', port: 8082 } },
          livenessProbe: { httpGet: { path: '/ping', port: 8082 } },
          args: expect.arrayContaining(['--entryPoints.up.address=:8082', '--ping.entryPoint=up']),
        },
      ],
    };
    expect(parseAllDocuments(text).at(-1)?.toJS()).toMatchObject({ spec: { template: { spec: pod } } });
    expect(parse(toHelmValues(fleet, options))).toMatchObject({
      deployment: {
        terminationGracePeriodSeconds: 330,
        healthchecksPort: 8082,
        readinessPath: '/ready',
        livenessPath: '/ping',
      },
      ports: { up: { port: 8082, expose: { default: false } } },
      additionalArguments: expect.arrayContaining(['--ping.entryPoint=up']),
    });
  });

  it('is that Traefik runs where the fleet has no entryPoint for it', () => {
    const bare = { ...fleet, entryPoints: { http: 'plain', https: 'tls' } };
    const text = toStaticConfigText('manifest', bare, options);
    expect(text).toContain('- --entryPoints.traefik.address=:8080\n');
    expect(text).toContain('- --ping=true\n');
    expect(text).not.toContain('/ready');
    expect(toStaticConfig(bare, options).ping).toEqual({});
  });
});

describe('Kubernetes', () => {
  it('gets the ports of the fleet as values, and none of the names of the chart', () => {
    const values: unknown = parse(toHelmValues(fleet, options));
    expect(values).toMatchObject({
      image: { tag: 'v3.6' },
      ports: {
        web: null,
        websecure: null,
        plain: { port: 8000, exposedPort: 80, asDefault: true },
        tls: { port: 8443, exposedPort: 443, http: { tls: { enabled: false } } },
        u5000: { port: 5000, exposedPort: 5000, protocol: 'UDP', expose: { default: true } },
      },
    });
  });

  it('gets ports of the node with a DaemonSet', () => {
    expect(parse(toHelmValues(fleet, options, 'DaemonSet'))).toMatchObject({
      deployment: { kind: 'DaemonSet' },
      service: { enabled: false },
      updateStrategy: { rollingUpdate: { maxSurge: 0 } },
      ports: { tls: { hostPort: 443 }, u5000: { hostPort: 5000, expose: { default: false } } },
    });
  });

  it('gets a manifest without rights or a token in it', () => {
    const text = toStaticConfigText('manifest', fleet, { ...options, token: true });
    const documents = parseAllDocuments(text).map((document): unknown => document.toJS());
    expect(documents).toMatchObject([
      { kind: 'Namespace', metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } },
      { kind: 'ServiceAccount', automountServiceAccountToken: false },
      { kind: 'DaemonSet', metadata: { namespace: 'traefik' } },
    ]);
    expect(text).toContain('- --entryPoints.plain.address=:8000\n');
    expect(text).toContain('Bearer $(FAIRLEAD_TOKEN)');
    expect(text).not.toContain('--api');
  });
});

describe('another bank', () => {
  const banked = { ...fleet, pools: fleet.pools.map((pool) => ({ ...pool, bank: 1 })) };
  const inBank = { ...options, providerUrl: 'http://127.0.0.1:9080/traefik/edge/1', bank: 1 };

  it('has its pool ports and the entryPoints of its own, on ports that no other bank of the host has', () => {
    expect(toStaticConfig(banked, options).entryPoints).toMatchObject({ plain: {}, u5000: {} });
    expect(toStaticConfig(banked, inBank)).toMatchObject({
      entryPoints: {
        // What names no entryPoint must not attach to the pool.
        up: { address: '127.0.0.1:17001', asDefault: true },
        traefik: { address: '127.0.0.1:18001' },
        u5001: { address: ':5001/udp' },
      },
      ping: { entryPoint: 'up' },
    });
    expect(Object.keys(toStaticConfig(banked, inBank).entryPoints)).toEqual(['up', 'traefik', 'u5001']);
    expect(Object.keys(toStaticConfig(banked, options).entryPoints)).not.toContain('u5001');
  });

  it('is one more DaemonSet, which nothing that looks for bank 0 finds', () => {
    const text = toStaticConfigText('manifest', banked, inBank);
    expect(text).toContain('fairlead traefik --format manifest --bank 1');
    const documents = parseAllDocuments(text).map((document): unknown => document.toJS());
    const labels = { 'app.kubernetes.io/name': 'traefik-bank-1', 'fairlead.dev/bank': '1' };
    expect(documents).toMatchObject([
      {
        kind: 'DaemonSet',
        metadata: { name: 'traefik-bank-1', labels },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  ports: [{ containerPort: 5001, hostPort: 5001, protocol: 'UDP' }],
                  readinessProbe: { httpGet: { path: '/ready', port: 17001 } },
                  args: expect.arrayContaining([
                    '--entryPoints.up.address=:17001',
                    '--providers.http.endpoint=http://127.0.0.1:9080/traefik/edge/1',
                  ]),
                },
              ],
            },
          },
        },
      },
    ]);
    expect(text).not.toContain('8000');
  });

  it('is one more release of the chart, without web ports', () => {
    const values = parse(toHelmValues(banked, inBank));
    expect(values).toMatchObject({
      deployment: { healthchecksPort: 17001 },
      ports: { web: null, websecure: null, up: { port: 17001, asDefault: true }, u5001: { port: 5001 } },
    });
    expect(Object.keys(values.ports)).toEqual(['web', 'websecure', 'up', 'u5001']);
  });

  it('says the same in arguments', () => {
    const text = toStaticConfigText('args', banked, inBank);
    expect(text).toContain('--entryPoints.u5001.address=:5001/udp\n');
    expect(text).not.toContain('u5000');
  });
});

describe('a fleet with listeners of Gateways', () => {
  const listeners = new Map([
    [80, 'plain'],
    [443, 'tls'],
    [8080, 'more'],
    [853, 'dot'],
    [8081, 'more'],
  ]);
  const more = { ...fleet, listeners };

  it('has an entryPoint for each name, on the first of its ports, beside that of the API', () => {
    const { entryPoints } = toStaticConfig(more, options);
    expect(entryPoints).toMatchObject({ more: { address: ':8080' }, dot: { address: ':853' } });
    expect(entryPoints['more']).not.toHaveProperty('asDefault');
    expect(entryPoints['traefik']).toEqual({ address: '127.0.0.1:18000' });
    expect(toStaticConfig(more, { ...options, bank: 1 }).entryPoints).not.toHaveProperty('more');
  });

  it('listens above 1023 in containers, and has the port itself on the node and at the Service', () => {
    const [, , daemonSet] = parseAllDocuments(toStaticConfigText('manifest', more, options)).map((each) =>
      each.toJS(),
    );
    const [container] = daemonSet.spec.template.spec.containers;
    expect(container.ports).toContainEqual({ containerPort: 10_853, hostPort: 853 });
    expect(container.args).toContain('--entryPoints.dot.address=:10853');
    expect(parse(toHelmValues(more, options)).ports.dot).toMatchObject({ port: 10_853, exposedPort: 853 });
  });

  it('listens in containers on no port that has another use there', () => {
    const busy = {
      ...fleet,
      pools: fleet.pools.map((pool) => ({
        ...pool,
        ranges: { tcp: { range: { from: port(10_090), to: port(10_091) }, entryPoint: 't{port}' } },
      })),
      listeners: new Map([
        [8443, 'alt'],
        [8444, 'next'],
        [90, 'low'],
      ]),
    };
    const { alt, next, low } = parse(toHelmValues(busy, options)).ports;
    expect([low.port, alt.port, next.port]).toEqual([10_092, 8445, 8444]);
    expect([low.exposedPort, alt.exposedPort, next.exposedPort]).toEqual([90, 8443, 8444]);
  });
});

describe('a fleet with the plugin', () => {
  const plugged: FleetSettings = { ...fleet, plugins: ['gateway'] };
  const files = { 'gateway.go': 'package gateway\n', '.traefik.yml': 'type: middleware\n' };
  const flag = '--experimental.localPlugins.fairlead-gateway.moduleName=fairlead.dev/gateway';

  it('says so where HTTP is, and nowhere else', () => {
    expect(toStaticArgs(toStaticConfig(plugged, options))).toContain(`${flag}\n`);
    expect(toStaticConfig(plugged, { ...options, bank: 1 })).not.toHaveProperty('experimental');
    expect(toStaticConfig(fleet, options)).not.toHaveProperty('experimental');
  });

  it('has its files in pods', () => {
    const documents = parseAllDocuments(
      toStaticConfigText('manifest', plugged, { ...options, pluginFiles: files }),
    ).map((each) => each.toJS());
    const { spec } = documents.find(({ kind }) => kind === 'DaemonSet').spec.template;
    const mountPath = '/plugins-local/src/fairlead.dev/gateway';
    expect(documents.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({ data: files });
    expect(spec.containers[0].args).toContain(flag);
    expect(spec.containers[0].volumeMounts).toEqual([{ name: 'fairlead-gateway-plugin', mountPath }]);
    expect(parse(toHelmValues(plugged, { ...options, pluginFiles: files }))).toMatchObject({
      volumes: [{ name: 'fairlead-gateway-plugin', mountPath, type: 'configMap' }],
      extraObjects: [{ kind: 'ConfigMap', data: files }],
    });
  });
});
