import { describe, expect, it } from 'vitest';
import { allKinds, findKind, isKind, kinds, watchedKinds } from '../../../src/kinds/index.ts';
import { toCollectionPath, toGroup } from '../../../src/kinds/kind.ts';

describe('the table of kinds', () => {
  it('is sorted, and each kind stands under its own name', () => {
    expect(Object.keys(kinds)).toEqual(Object.keys(kinds).toSorted());
    for (const [name, { kind }] of Object.entries(kinds)) expect(kind).toBe(name);
  });

  it('has each name and each API version once', () => {
    const names = allKinds.flatMap(({ kind, plural, shortNames }) => [
      ...new Set([kind.toLowerCase(), plural, ...shortNames]),
    ]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const types = allKinds.flatMap(({ kind, apiVersions }) => apiVersions.map((each) => `${each}/${kind}`));
    expect(new Set(types).size).toBe(types.length);
  });

  it.each(watchedKinds)('asks clusters for $kind in v1 of its group first', ({ apiVersion, group }) => {
    expect(apiVersion).toBe(group === '' ? 'v1' : `${group}/v1`);
  });

  it('has one group for all versions of a kind that a cluster may do without', () => {
    for (const { apiVersions, group, cluster } of watchedKinds)
      if (cluster.optional) expect(new Set(apiVersions.map(toGroup))).toEqual(new Set([group]));
  });

  it('knows the paths of the API', () => {
    expect(toCollectionPath(kinds.Secret, '')).toBe('/api/v1/secrets');
    expect(toCollectionPath(kinds.Ingress, 'shop')).toBe(
      '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
    );
  });

  it('finds what users call a kind', () => {
    const called = ['svc', 'Service', 'SERVICES', 'ing', 'ep', 'endpoints', 'cm', 'pod', 'constructor'];
    expect(called.map((name) => findKind(name)?.kind)).toEqual([
      'Service',
      'Service',
      'Service',
      'Ingress',
      'Endpoints',
      'Endpoints',
      'ConfigMap',
      undefined,
      undefined,
    ]);
    expect(['Service', 'service', 'constructor'].map(isKind)).toEqual([true, false, false]);
  });
});
