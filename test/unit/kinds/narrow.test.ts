import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { allKinds } from '../../../src/kinds/index.ts';
import { meta, narrow } from './support.ts';

const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(name) });

it('expands lists, also nested and typed ones', () => {
  const { objects, problems } = narrow({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      configMap('a'),
      { apiVersion: 'v1', kind: 'ConfigMapList', items: [{ metadata: meta('b') }, configMap('c')] },
    ],
  });
  expect(objects.map(({ meta: { ref } }) => ref.name)).toEqual(['a', 'b', 'c']);
  expect(problems).toEqual([]);
});

it('passes over kinds that it does not read, and empty documents, without a word', () => {
  const others = [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 5 } },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: meta() },
    { apiVersion: 'v1', kind: 'constructor' },
    null,
    undefined,
  ];
  for (const other of others) expect(narrow(other)).toEqual({ objects: [], problems: [] });
});

it.each([
  [{ apiVersion: 'v1', kind: 'Ingress' }, 'apiVersion'],
  [{ apiVersion: 'apps/v1', kind: 'Service' }, 'apiVersion'],
  [{ apiVersion: 'networking.k8s.io/v2', kind: 'Ingress' }, 'apiVersion'],
  [{ apiVersion: 'v1', kind: 'service' }, 'kind'],
  [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingresses' }, 'kind'],
])('says of %j that Kubernetes has no such kind', (type, field) => {
  const { objects, problems } = narrow({ ...type, metadata: { name: 'x' } });
  expect(objects).toEqual([]);
  expect(problems).toMatchObject([{ code: 'kind-misspelt', field, subject: { kind: type.kind, name: 'x' } }]);
});

it.each([
  [{ kind: 'Service', metadata: meta() }, 'apiVersion'],
  [{ apiVersion: 'v1', metadata: meta() }, 'kind'],
  [{ apiVersion: 'v1', kind: 'List', items: 5 }, 'items'],
  ['just text', ''],
  [[], ''],
])('reports %j', (raw, field) => {
  const { objects, problems } = narrow(raw);
  expect(objects).toEqual([]);
  expect(problems).toMatchObject([{ code: 'object-malformed', field }]);
});

it('takes whatever stands in a manifest without throwing', { timeout: 60_000 }, () => {
  const key = fc.constantFrom(
    'spec',
    'metadata',
    'ports',
    'rules',
    'http',
    'paths',
    'backend',
    'tls',
    'hosts',
    'name',
    'data',
    'subsets',
    'addresses',
    'endpoints',
    'conditions',
    'annotations',
    'labels',
    '__proto__',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value')),
    ),
  }));
  const types = allKinds.flatMap(({ kind, apiVersions }) =>
    apiVersions.map((apiVersion) => ({ apiVersion, kind })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.dictionary(key, value), (type, fields) => {
      const raw = { metadata: meta(), ...fields, ...type };
      const { problems } = narrow(raw);
      expect(problems.every(({ message }) => message !== '')).toBe(true);
    }),
    { numRuns: 100 },
  );
});
