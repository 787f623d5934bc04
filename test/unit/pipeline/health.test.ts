import { describe, expect, it } from 'vitest';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import type { FailingEndpoints } from '../../../src/model/health.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { replay, toSets } from '../../golden/support/replay.ts';

const settings = resolveSettings({
  document: toDocument({ sources: [{ name: 's', directory: { path: '.' } }] }),
  env: {},
  folder: '/',
});

function toGame(name: string, annotations: Readonly<Record<string, string>>, addresses: readonly string[]) {
  const raws = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'n', name, annotations: { 'fairlead.dev/expose': 'true', ...annotations } },
      spec: { clusterIP: '10.96.0.1', ports: [{ name: 'game', port: 7777, protocol: 'UDP' }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace: 'n', name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
      ports: [{ name: 'game', port: 7777, protocol: 'UDP' }],
      endpoints: addresses.map((address) => ({ addresses: [address] })),
    },
  ];
  return raws.flatMap((raw) => toSourceObjects(raw, 's', () => undefined));
}

const checked = { 'fairlead.dev/health-port': '8080' };
const key = (name: string) => toObjectKey({ source: 's', kind: 'Service', namespace: 'n', name });

/** The servers of a game, and the problems of it, while these endpoints fail. */
function run(
  annotations: Readonly<Record<string, string>>,
  addresses: readonly string[],
  failing: readonly string[],
) {
  const { pipeline } = replay(settings, [toSets(toGame('game', annotations, addresses))]);
  const state: FailingEndpoints = new Map([[key('game'), failing]]);
  const outcome = pipeline.update([], undefined, state);
  const body = pipeline.toBody('default').toString();
  return {
    pipeline,
    outcome,
    servers: [...body.matchAll(/"address":"([^"]+)"/g)].map(([, address]) => address),
    problems: pipeline.problemsOf(key('game')).map(({ code, message }) => `${code}: ${message}`),
  };
}

describe('an endpoint of a UDP port that fails its check', () => {
  const three = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

  it('is taken out, and said', () => {
    const { servers, problems } = run(checked, three, ['10.0.0.2']);
    expect(servers).toEqual(['10.0.0.1:7777', '10.0.0.3:7777']);
    expect(problems).toEqual([expect.stringMatching(/^health-check-failing: Endpoint 10\.0\.0\.2 .* fails/)]);
  });

  it('comes back', () => {
    const { pipeline } = run(checked, three, ['10.0.0.2']);
    pipeline.update([], undefined, new Map());
    expect(pipeline.toBody('default').toString()).toContain('10.0.0.2:7777');
    expect(pipeline.problemsOf(key('game'))).toEqual([]);
  });

  it('stays when all fail', () => {
    const { servers, problems } = run(checked, three, three);
    expect(servers).toHaveLength(3);
    expect(problems).toEqual([
      expect.stringMatching(/^health-check-failing: All endpoints .* all of them stay/),
    ]);
  });

  it('is one with its weight', () => {
    const weights = { ...checked, 'fairlead.dev/weights': '10.0.0.1=5' };
    expect(run(weights, three, ['10.0.0.1']).servers).toEqual(['10.0.0.2:7777', '10.0.0.3:7777']);
  });

  it('is known by an address of IPv6', () => {
    const { servers, pipeline } = run(checked, ['fd00::1', 'fd00::2'], ['fd00::1']);
    expect(servers).toEqual(['[fd00::2]:7777']);
    expect(pipeline.healthChecks().map(({ address }) => address)).toEqual(['fd00::1', 'fd00::2']);
  });

  it('is not asked about without the annotation', () => {
    const { servers, problems } = run({}, three, ['10.0.0.2']);
    expect(servers).toHaveLength(3);
    expect(problems).toEqual([]);
  });

  it('costs the translation of its own Service, and nothing for what stays', () => {
    const { pipeline, outcome } = run(checked, three, ['10.0.0.2']);
    expect([...outcome.units]).toEqual([key('game')]);
    const again = pipeline.update([], undefined, new Map([[key('game'), ['10.0.0.2']]]));
    expect(again.units.size).toBe(0);
  });
});

const checks = (annotations: Readonly<Record<string, string>>, addresses: readonly string[]) =>
  run(annotations, addresses, []).pipeline.healthChecks();

describe('what is to be checked', () => {
  it('is each endpoint at the port that is named, as the annotations say', () => {
    const more = {
      'fairlead.dev/health-path': '/up',
      'fairlead.dev/health-interval': '2s',
      'fairlead.dev/health-timeout': '30s',
    };
    expect(checks({ ...checked, ...more }, ['10.0.0.1', '10.0.0.2'])[1]).toEqual({
      service: { source: 's', kind: 'Service', namespace: 'n', name: 'game' },
      address: '10.0.0.2',
      port: 8080,
      path: '/up',
      intervalMs: 2_000,
      timeoutMs: 5_000,
    });
  });

  it.each([
    ['a single endpoint', checked, ['10.0.0.1']],
    ['what may be no server', checked, ['127.0.0.1', '169.254.169.254', '10.0.0.1']],
    [
      'a Service by its cluster IP',
      { ...checked, 'fairlead.dev/backends': 'clusterip' },
      ['10.0.0.1', '10.0.0.2'],
    ],
    [
      'a port that is closed',
      { ...checked, 'fairlead.dev/allow-cidrs': '10.0.0.0/8' },
      ['10.0.0.1', '10.0.0.2'],
    ],
  ])('is not %s', (_, annotations, addresses) => expect(checks(annotations, addresses)).toEqual([]));
});
