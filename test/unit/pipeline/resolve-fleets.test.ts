import { describe, expect, it } from 'vitest';
import {
  findAddresses,
  resolveFleets,
  type Cluster,
  type Found,
  type KnownAddresses,
} from '../../../src/pipeline/resolve-fleets.ts';
import { trackView } from '../../../src/pipeline/tracking-view.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { ObjectStore } from '../../../src/source/object-store.ts';
import { toFleetSettings, toService, toSlice } from './addresses.ts';

const a: Cluster = { name: 'a', hasSynced: true };
const b: Cluster = { name: 'b', hasSynced: true };

function find(
  kind: 'endpoints' | 'service',
  objects: readonly SourceObject[],
  clusters: readonly Cluster[] = [a, b],
): Found {
  const store = new ObjectStore();
  store.apply(objects.map((object) => ({ kind: 'set', object })));
  return findAddresses(trackView(store, new Map(), new Set()), clusters, {
    kind,
    namespace: 'edge',
    name: 'traefik',
  });
}

const addresses = (...list: readonly string[]): Found => ({ kind: 'addresses', addresses: list });

describe('a Service tells', () => {
  it('the addresses of its load balancer, sorted', () => {
    const loadBalancer = [{ ip: '192.0.2.2' }, { hostname: 'lb.example.com' }, { ip: '192.0.2.1' }];
    const service = toService('a', { loadBalancer, externalIPs: ['198.51.100.1'] });
    expect(find('service', [service])).toEqual(addresses('192.0.2.1', '192.0.2.2', 'lb.example.com'));
  });

  it('its external IPs when it has no load balancer', () => {
    const service = toService('a', { externalIPs: ['198.51.100.2', '198.51.100.1', '198.51.100.2'] });
    expect(find('service', [service])).toEqual(addresses('198.51.100.1', '198.51.100.2'));
  });

  it('nothing when it has neither, whatever its endpoints are', () => {
    const objects = [toService('a'), toSlice('a', '1', { '10.0.0.1': 'ready' })];
    expect(find('service', objects)).toEqual({ kind: 'none', cluster: 'a' });
  });
});

describe('endpoints tell', () => {
  it('the addresses of those that are ready, of all slices, once', () => {
    const slices = [
      toSlice('a', '1', { '10.0.0.2': 'ready', '10.0.0.3': 'starting', '10.0.0.4': 'terminating' }),
      toSlice('a', '2', { '10.0.0.1': 'ready', '10.0.0.2': 'ready' }),
      toSlice('b', '1', { '10.9.9.9': 'ready' }),
    ];
    expect(find('endpoints', [toService('a'), ...slices])).toEqual(addresses('10.0.0.1', '10.0.0.2'));
  });

  it('nothing when none is ready, or the Service is gone', () => {
    const slice = toSlice('a', '1', { '10.0.0.3': 'starting' });
    expect(find('endpoints', [toService('a'), slice])).toEqual({ kind: 'none', cluster: 'a' });
    expect(find('endpoints', [toSlice('a', '1', { '10.0.0.1': 'ready' })])).toEqual({ kind: 'absent' });
  });
});

describe('of several clusters', () => {
  const inB = toService('b', { externalIPs: ['10.0.0.2'] });

  it('the first that has the Service counts, with an address or without', () => {
    expect(find('service', [inB])).toEqual(addresses('10.0.0.2'));
    expect(find('service', [inB, toService('a', { externalIPs: ['10.0.0.1'] })])).toEqual(
      addresses('10.0.0.1'),
    );
    expect(find('service', [inB, toService('a')])).toEqual({ kind: 'none', cluster: 'a' });
  });

  it('one that is still being read tells nothing yet', () => {
    const reading = { name: 'a', hasSynced: false };
    const part = toService('a', { externalIPs: ['10.0.0.1'] });
    expect(find('service', [part, inB], [reading, b])).toEqual({ kind: 'unread' });
    expect(find('service', [], [reading, b])).toEqual({ kind: 'unread' });
    expect(find('service', [inB], [reading, b])).toEqual(addresses('10.0.0.2'));
  });
});

describe('a fleet', () => {
  const [fixed, mixed] = [
    toFleetSettings('f', ['z.example', 'a.example']),
    toFleetSettings('m', ['z.example'], 2),
  ];
  const known: KnownAddresses = { now: ['10.0.0.2'], former: ['10.0.0.2', '10.0.0.1'] };

  it('with fixed addresses stays as it is', () => {
    expect(resolveFleets([fixed], () => known)[0]).toBe(fixed);
  });

  it('has those of the configuration and those that are known, sorted and once', () => {
    const [fleet] = resolveFleets([mixed], () => known);
    expect(fleet?.addresses).toEqual(['10.0.0.2', 'z.example']);
    expect(fleet?.lookedUp).toEqual({
      isComplete: true,
      fixed: ['z.example'],
      former: ['10.0.0.1', '10.0.0.2'],
    });
  });

  it('is not complete while something is not known', () => {
    const [fleet] = resolveFleets([mixed], ({ name }) => (name === 'traefik-1' ? known : undefined));
    expect(fleet?.addresses).toEqual(['10.0.0.2', 'z.example']);
    expect(fleet?.lookedUp?.isComplete).toBe(false);
  });
});
