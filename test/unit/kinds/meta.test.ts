import { describe, expect, it } from 'vitest';
import { narrow, narrowOne } from './support.ts';

function withMetadata(metadata: unknown): unknown {
  return { apiVersion: 'v1', kind: 'Service', metadata };
}

function createdAt(creationTimestamp: unknown): string | undefined {
  return narrowOne('Service', withMetadata({ name: 'a', creationTimestamp })).object.meta.created;
}

describe('metadata', () => {
  it('reads a missing, an empty and a null namespace as default', () => {
    for (const namespace of [undefined, '', null]) {
      const { object } = narrowOne('Service', withMetadata({ name: 'a', namespace }));
      expect(object.meta.ref).toEqual({ source: 'test', kind: 'Service', namespace: 'default', name: 'a' });
    }
  });

  it('gives a cluster-wide object no namespace, whatever it says', () => {
    const { object } = narrowOne('IngressClass', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'fairlead', namespace: 'x' },
      spec: { controller: 'fairlead.dev/ingress-controller' },
    });
    expect(object.meta.ref.namespace).toBe('');
  });

  it.each(['', 'A', 'a_b', 'a/b', 'a|b', '-a', 'a..b', 'a\n', 'x'.repeat(254), 5, null, ['a'], undefined])(
    'refuses the name %j',
    (name) => {
      const { objects, problems } = narrow(withMetadata({ name }));
      expect(objects).toEqual([]);
      expect(problems).toMatchObject([{ code: 'object-malformed', field: 'metadata.name' }]);
    },
  );

  it.each(['a.b', 'A', 'x'.repeat(64), 7, '../x'])('refuses the namespace %j', (namespace) => {
    const { objects, problems } = narrow(withMetadata({ name: 'a', namespace }));
    expect(objects).toEqual([]);
    expect(problems).toMatchObject([{ code: 'object-malformed', field: 'metadata.namespace' }]);
  });

  it('reads annotations that are no texts as their text, and says so', () => {
    const { objects, problems } = narrow(
      withMetadata({
        name: 'a',
        annotations: { n: 5, b: true, o: { x: [1] }, l: ['a'], z: null, s: 'fine' },
      }),
    );
    expect(objects[0]?.meta.annotations).toEqual({
      n: '5',
      b: 'true',
      o: '{"x":[1]}',
      l: '["a"]',
      z: '',
      s: 'fine',
    });
    expect(problems.map(({ code, field }) => [code, field])).toEqual(
      ['n', 'b', 'o', 'l', 'z'].map((key) => ['annotation-not-string', `metadata.annotations[${key}]`]),
    );
  });

  it('refuses an object whose annotations cannot be read, for they may limit access', () => {
    const { objects, problems } = narrow(withMetadata({ name: 'a', annotations: ['x'] }));
    expect(objects).toEqual([]);
    expect(problems).toMatchObject([{ code: 'object-malformed', field: 'metadata.annotations' }]);
  });

  it('drops the last applied configuration', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' };
    expect(narrowOne('Service', withMetadata({ name: 'a', annotations })).object.meta.annotations).toEqual({
      kept: 'yes',
    });
  });

  it('takes __proto__, constructor and prototype as keys like any other', () => {
    const annotations: unknown = JSON.parse('{"__proto__": "p", "constructor": "c", "prototype": "t"}');
    const { object } = narrowOne('Service', withMetadata({ name: 'a', annotations }));
    expect(Object.entries(object.meta.annotations)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['prototype', 't'],
    ]);
    const empty = narrowOne('Service', withMetadata({ name: 'b' })).object;
    expect(empty.meta.annotations['constructor']).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('p');
  });

  it('does not take fields from a __proto__ of the manifest', () => {
    const raw: unknown = JSON.parse(
      '{"__proto__": {"apiVersion": "v1", "kind": "Service"}, "metadata": {"name": "a"}}',
    );
    expect(narrow(raw).objects).toEqual([]);
  });

  it('keeps the time of creation in UTC, and drops what is no time', () => {
    expect(createdAt('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00Z');
    expect(createdAt('2026-01-31T12:00:00+02:00')).toBe('2026-01-31T10:00:00.000Z');
    expect(createdAt(null)).toBeUndefined();
    expect(createdAt('0000')).not.toBe('0000');
    expect(createdAt('soon')).toBeUndefined();
  });
});

function toManaged(manager: unknown, ...keys: readonly string[]): object {
  const fields = Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { '.': {}, ...fields } } };
  return { manager, operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 };
}

describe('what Fairlead has written', () => {
  const annotations = { 'tcp.fairlead.dev/80': '20000', 'fairlead.dev/addresses': 'x', own: 'y' };

  function writtenBy(managedFields: unknown): readonly string[] | undefined {
    return narrowOne('Service', withMetadata({ name: 'a', annotations, managedFields })).object.meta.written;
  }

  it('is known by its field manager, of what is there', () => {
    const own = toManaged('fairlead', 'tcp.fairlead.dev/80', 'fairlead.dev/addresses', 'gone', 'toString');
    expect(writtenBy([toManaged('kubectl-edit', 'own'), own])).toEqual([
      'fairlead.dev/addresses',
      'tcp.fairlead.dev/80',
    ]);
  });

  it.each([
    ['another manager', [toManaged('kubectl', 'tcp.fairlead.dev/80')]],
    ['a manager that is no text', [toManaged(['fairlead'], 'tcp.fairlead.dev/80')]],
    ['no list', { 0: toManaged('fairlead', 'own') }],
    ['no fields', [{ manager: 'fairlead' }, { manager: 'fairlead', fieldsV1: { 'f:metadata': 'x' } }, null]],
    ['nothing', undefined],
  ])('is nothing with %s', (_, managedFields) => {
    expect(writtenBy(managedFields)).toBeUndefined();
  });
});
