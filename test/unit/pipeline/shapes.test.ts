import { expect, test } from 'vitest';
import { settleRoute } from '../../../src/conflicts/settle-route.ts';
import type { HttpRoute } from '../../../src/routes/intent.ts';
import { hasSameShape } from '../../support/has-same-shape.ts';
import { meta, narrowOne } from '../kinds/support.ts';

// `{ ...object, added }` makes a hidden class for each object, `{ added, ...object }` one for all: CONTRIBUTING.md.

const count = 50;

function expectOneShape(made: readonly object[]): void {
  expect(made).toHaveLength(count);
  const [first = {}] = made;
  expect(made.filter((each) => !hasSameShape(first, each))).toEqual([]);
}

test('tells shapes apart', () => {
  expect(hasSameShape({ a: 1 }, { b: 1 })).toBe(false);
});

test('rules of Ingresses and their paths have one shape each', () => {
  const backend = { service: { name: 's', port: { number: 80 } } };
  const rules = Array.from({ length: count }, (_, index) => {
    const spec = { rules: [{ host: `h${index}.test`, http: { paths: [{ path: '/x', backend }] } }] };
    const raw = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: meta(), spec };
    return narrowOne('Ingress', raw).object.rules;
  }).flat();
  expectOneShape(rules);
  expectOneShape(rules.flatMap(({ paths }) => paths));
});

function toRoute(index: number): HttpRoute {
  return {
    kind: 'http',
    owner: { ref: { source: 's', kind: 'Service', namespace: 'n', name: `a${index}` } },
    why: { field: 'f', uses: [] },
    fleet: 'default',
    match: { host: { kind: 'exact', name: `h${index}.test` }, path: { type: 'Prefix', value: '/' } },
    fallback: false,
    filters: [],
    backend: { kind: 'status', status: 503 },
  };
}

test('settled routes have one shape', () => {
  const indexes = Array.from({ length: count }, (_, index) => index);
  for (const isSecured of [false, true]) {
    const of = { tls: { isSecured, redirects: isSecured }, beside: {} };
    expectOneShape(indexes.map((index) => settleRoute(toRoute(index), of)));
  }
});
