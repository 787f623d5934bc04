import { describe, expect, it } from 'vitest';
import { allKinds, findKind, isKind, kinds, watchedKinds } from '../../../src/kinds/index.ts';
import { toCollectionPath } from '../../../src/kinds/kind.ts';

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

  it.each(watchedKinds)(
    'asks clusters for $kind in a version of its group',
    ({ kind, apiVersion, group }) => {
      // All releases of the Gateway API serve that one.
      const version = kind === 'ReferenceGrant' ? 'v1beta1' : 'v1';
      expect(apiVersion).toBe(group === '' ? version : `${group}/${version}`);
    },
  );

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
