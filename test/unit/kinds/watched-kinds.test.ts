import { describe, expect, it } from 'vitest';
import { toCollectionPath, watchedKinds } from '../../../src/kinds/watched-kinds.ts';
import { kindReaders } from '../../../src/kinds/index.ts';
import { watchedKind } from '../source/cluster/support.ts';

describe('watchedKinds', () => {
  it.each(watchedKinds)('has a reader for $kind', ({ kind, apiVersion, namespaced, group }) => {
    expect(kindReaders.get(`${apiVersion}/${kind}`)).toMatchObject({ kind, namespaced });
    expect(apiVersion).toBe(group === '' ? 'v1' : `${group}/v1`);
  });

  it('knows the paths of the API', () => {
    expect(toCollectionPath(watchedKind('Secret'), '')).toBe('/api/v1/secrets');
    expect(toCollectionPath(watchedKind('Ingress'), 'shop')).toBe(
      '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
    );
  });
});
