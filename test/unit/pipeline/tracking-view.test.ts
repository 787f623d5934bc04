import { describe, expect, it } from 'vitest';
import type { ConfigMap, Namespace } from '../../../src/model/objects.ts';
import type { View } from '../../../src/model/snapshot.ts';
import { trackView } from '../../../src/pipeline/tracking-view.ts';
import { ObjectStore, type Dependency } from '../../../src/source/object-store.ts';

const map: ConfigMap = {
  kind: 'ConfigMap',
  meta: { ref: { source: 's', kind: 'ConfigMap', namespace: 'shop', name: 'x' }, annotations: {} },
  data: { a: '1' },
};
const shop: Namespace = {
  kind: 'Namespace',
  meta: { ref: { source: 's', kind: 'Namespace', namespace: '', name: 'shop' }, annotations: {} },
  labels: { team: 'a' },
};

describe('a view', () => {
  it.each([
    ['a ConfigMap', map, (view: View) => view.configMap('s', 'shop', 'x')],
    ['a Namespace', shop, (view: View) => view.namespace('s', 'shop')],
    ['whatever kind', map, (view: View) => view.find('ConfigMap', 's', 'shop', 'x')],
  ] as const)(
    'notes that it was asked for %s, found or not, as what a change of it touches',
    (_, object, look) => {
      const store = new ObjectStore();
      const seen = new Set<Dependency>();
      const view = trackView(store, new Map(), seen);
      expect(look(view)).toBeUndefined();
      const { touched } = store.apply([{ kind: 'set', object }]);
      expect([...touched].filter((each) => seen.has(each))).toHaveLength(1);
      expect(look(view)).toBe(object);
      expect(seen.size).toBe(1);
    },
  );
});
