import { describe, expect, it } from 'vitest';
import { FleetAddresses } from '../../../src/pipeline/fleet-addresses.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { ObjectStore } from '../../../src/source/object-store.ts';
import { toService, toSlice } from './addresses.ts';

const clusters = [{ name: 'prod', kubernetes: {} }];

function toSettings(addresses: readonly string[], sources: readonly object[] = clusters): Settings {
  return resolveSettings({
    document: toDocument({ sources, fleets: [{ addresses }] }),
    env: {},
    folder: '/',
  });
}

/** A store whose changes reach the addresses. */
function follow(settings: Settings) {
  const store = new ObjectStore();
  const addresses = new FleetAddresses(settings);
  const apply = (changes: readonly Change[], hasSynced = true): boolean =>
    addresses.update(store, store.apply(changes).touched, () => hasSynced);
  return {
    addresses,
    apply,
    set: (...objects: readonly SourceObject[]) =>
      apply(objects.map((object): Change => ({ kind: 'set', object }))),
    remove: (object: SourceObject) => apply([{ kind: 'delete', ref: object.meta.ref }]),
    now: () => addresses.fleets[0]?.addresses,
    isComplete: () => addresses.fleets[0]?.lookedUp?.isComplete,
    problems: () => addresses.problems.map(({ code, message }) => `${code}: ${message}`),
  };
}

const at = (ip: string) => toService('prod', { loadBalancer: [{ ip }] });

describe('addresses that are looked up', () => {
  it('follow the Service', () => {
    const world = follow(toSettings(['edge.example.com', 'service:edge/traefik']));
    expect(world.now()).toEqual(['edge.example.com']);
    expect(world.set(at('192.0.2.1'))).toBe(true);
    expect(world.now()).toEqual(['192.0.2.1', 'edge.example.com']);
    expect(world.set(at('192.0.2.2'))).toBe(true);
    expect(world.now()).toEqual(['192.0.2.2', 'edge.example.com']);
    expect(world.addresses.fleets[0]?.lookedUp?.former).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('follow the endpoints', () => {
    const world = follow(toSettings(['endpoints:edge/traefik']));
    world.set(toService('prod'), toSlice('prod', '1', { '10.0.0.1': 'ready' }));
    world.set(toSlice('prod', '2', { '10.0.0.2': 'ready' }));
    expect(world.now()).toEqual(['10.0.0.1', '10.0.0.2']);
    world.set(toSlice('prod', '1', { '10.0.0.1': 'starting' }));
    expect(world.now()).toEqual(['10.0.0.2']);
  });

  it('stay the same list while they do not change', () => {
    const world = follow(toSettings(['endpoints:edge/traefik']));
    world.set(toService('prod'), toSlice('prod', '1', { '10.0.0.1': 'ready' }));
    const { fleets } = world.addresses;
    expect(world.set(toSlice('prod', '1', { '10.0.0.1': 'ready', '10.0.0.2': 'starting' }))).toBe(false);
    expect(world.set({ ...at('192.0.2.1'), type: 'LoadBalancer' })).toBe(false);
    expect(world.addresses.fleets).toBe(fleets);
  });

  it('are not looked up again for what does not concern them', () => {
    const world = follow(toSettings(['service:edge/traefik']));
    world.set(at('192.0.2.1'));
    const other = toService('prod', { externalIPs: ['192.0.2.9'] });
    const looks: string[] = [];
    const store = new ObjectStore();
    store.find = (_kind, _source, _namespace, name) => {
      looks.push(name);
      return undefined;
    };
    const { touched } = store.apply([
      {
        kind: 'set',
        object: { ...other, meta: { ...other.meta, ref: { ...other.meta.ref, name: 'other' } } },
      },
    ]);
    expect(world.addresses.update(store, touched, () => true)).toBe(false);
    expect(looks).toEqual([]);
  });

  it('are not given before all of them are read', () => {
    const world = follow(toSettings(['endpoints:edge/traefik']));
    const part: readonly Change[] = [
      { kind: 'set', object: toService('prod') },
      { kind: 'set', object: toSlice('prod', '1', { '10.0.0.1': 'ready' }) },
    ];
    expect(world.apply(part, false)).toBe(false);
    expect([world.now(), world.isComplete(), world.problems()]).toEqual([[], false, []]);
    expect(world.apply([])).toBe(true);
    expect([world.now(), world.isComplete()]).toEqual([['10.0.0.1'], true]);
  });

  it('are remembered, the latest 256 of them', () => {
    const world = follow(toSettings(['service:edge/traefik']));
    const count = 1_000;
    for (let index = 0; index < count; index += 1)
      world.set(at(`192.0.${Math.floor(index / 250)}.${1 + (index % 250)}`));
    const { former = [] } = world.addresses.fleets[0]?.lookedUp ?? {};
    expect(former).toHaveLength(256);
    expect(former).toContain('192.0.3.250');
    expect(former).toContain('192.0.2.245');
    expect(former).not.toContain('192.0.2.244');
    // One that comes back is the latest again.
    world.set(at('192.0.2.245'));
    world.set(at('192.0.9.9'));
    expect(world.addresses.fleets[0]?.lookedUp?.former).toContain('192.0.2.245');
  });

  it('cost nothing where all are fixed', () => {
    const settings = toSettings(['edge.example.com']);
    const world = follow(settings);
    expect(world.set(at('192.0.2.1'))).toBe(false);
    expect(world.addresses.fleets[0]).toBe(settings.fleets[0]);
  });
});

describe('an address that cannot be looked up', () => {
  it('is a problem, and goes on being the one it was', () => {
    const world = follow(toSettings(['service:edge/traefik']));
    world.set(at('192.0.2.1'));
    expect(world.remove(at('192.0.2.1'))).toBe(true);
    expect([world.now(), world.isComplete()]).toEqual([['192.0.2.1'], true]);
    expect(world.addresses.problems).toEqual([
      {
        severity: 'warning',
        code: 'fleet-address-missing',
        subject: { source: '', kind: 'Fleet', namespace: '', name: 'default' },
        field: 'addresses',
        message: 'No cluster source has the Service edge/traefik, where service:edge/traefik is looked up',
        hint: 'Check its namespace and name, and that a source watches that namespace.',
      },
    ]);
    expect(world.set(at('192.0.2.1'))).toBe(true);
    expect(world.problems()).toEqual([]);
  });

  it('leaves the fleet incomplete when it never could', () => {
    const world = follow(toSettings(['edge.example.com', 'service:edge/traefik']));
    expect(world.apply([])).toBe(true);
    expect([world.now(), world.isComplete()]).toEqual([['edge.example.com'], false]);
    expect(world.apply([])).toBe(false);
  });

  it.each([
    ['service', 'has no address of a load balancer and no external IP'],
    ['endpoints', 'has no endpoint that is ready'],
  ])('says what the Service lacks: %s', (kind, lack) => {
    const world = follow(toSettings([`${kind}:edge/traefik`]));
    world.set(toService('prod'));
    expect(world.problems()).toEqual([
      `fleet-address-missing: The Service edge/traefik of source prod ${lack}`,
    ]);
  });

  it('is not looked for in folders', () => {
    const folders = [{ name: 'prod', directory: { path: '.' } }];
    const world = follow(toSettings(['service:edge/traefik'], folders));
    world.set(at('192.0.2.1'));
    expect(world.now()).toEqual([]);
    expect(world.addresses.problems[0]?.hint).toMatch(/^Add its cluster to the sources/);
  });
});
