import { expect, it } from 'vitest';
import type { Ingress, Service, SourceObject } from '../../../src/model/objects.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toTestSettings } from '../render/intents.ts';

const nginx = 'nginx.ingress.kubernetes.io/';

function toIngress(
  name: string,
  host: string,
  to: string,
  annotations: Record<string, string> = {},
): Ingress {
  return {
    kind: 'Ingress',
    meta: { ref: { source: 'one', kind: 'Ingress', namespace: 'n', name }, annotations },
    className: 'fairlead',
    rules: [
      {
        host,
        field: 'spec.rules[0]',
        paths: [
          {
            path: '/',
            pathType: 'Prefix',
            field: 'spec.rules[0].http.paths[0]',
            backend: { kind: 'service', name: to, port: 80 },
          },
        ],
      },
    ],
    tls: [],
    addresses: [],
  };
}

const [web, next] = ['web', 'next'].map((name): Service => ({
  kind: 'Service',
  meta: {
    ref: { source: 'one', kind: 'Service', namespace: 'n', name },
    annotations: { 'fairlead.dev/backends': 'clusterip' },
  },
  type: 'ClusterIP',
  clusterIP: name === 'web' ? '10.96.0.1' : '10.96.0.2',
  headless: false,
  hasSelector: true,
  ports: [{ name: '', port: 80, protocol: 'TCP' }],
})) as [Service, Service];

const main = toIngress('main', 'a.test', 'web');
const canary = toIngress('canary', 'A.test.', 'next', {
  [`${nginx}canary`]: 'true',
  [`${nginx}canary-weight`]: '10',
  [`${nginx}canary-by-header`]: 'X-Canary',
});

const set = (object: SourceObject): Change => ({ kind: 'set', object });
const bodyOf = (pipeline: Pipeline): string => pipeline.toBody('default').toString();

it('has its part from when it comes until it goes, as its annotations say now', () => {
  const pipeline = new Pipeline(toTestSettings());
  pipeline.update([web, next, main].map(set));
  const alone = bodyOf(pipeline);
  pipeline.update([set(canary)]);
  expect(bodyOf(pipeline)).toContain('{"name":"n_next_80","weight":10}');
  expect(bodyOf(pipeline)).toContain('Header(\\"X-Canary\\", \\"always\\")');
  const more = { ...canary.meta.annotations, [`${nginx}canary-weight`]: '25' };
  pipeline.update([set({ ...canary, meta: { ...canary.meta, annotations: more } })]);
  expect(bodyOf(pipeline)).toContain('{"name":"n_next_80","weight":25}');
  pipeline.update([{ kind: 'delete', ref: canary.meta.ref }]);
  expect(bodyOf(pipeline)).toBe(alone);
});

it('is looked up by the Ingresses of its host alone', () => {
  const pipeline = new Pipeline(toTestSettings());
  const others = Array.from({ length: 20 }, (_, index) =>
    toIngress(`other-${index}`, `o${index}.test`, 'web'),
  );
  pipeline.update([web, next, main, ...others].map(set));
  expect(pipeline.update([set(canary)]).units.size).toBe(2);
});

it('is one of hundreds at one place, of which the eldest counts', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    ...canary,
    meta: {
      ...canary.meta,
      created: `2025-01-01T00:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}Z`,
      ref: { ...canary.meta.ref, name: `canary-${index}` },
    },
  }));
  const pipeline = new Pipeline(toTestSettings());
  pipeline.update([web, next, main, ...many.toReversed()].map(set));
  expect(bodyOf(pipeline).match(/~canary_canary-\d+/g)?.[0]).toBe('~canary_canary-0');
  const idle = pipeline
    .problems()
    .filter(({ field }) => field.endsWith('[nginx.ingress.kubernetes.io/canary]'));
  expect(idle).toHaveLength(299);
});
