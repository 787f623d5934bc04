import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Change } from '../../../src/model/snapshot.ts';
import type { Secret, Service, SourceObject } from '../../../src/model/objects.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toTestSettings } from '../render/intents.ts';

const authority = readFileSync(new URL('../../fixtures/tls/authority.crt', import.meta.url), 'utf8');

const service: Service = {
  kind: 'Service',
  meta: {
    ref: { source: 'one', kind: 'Service', namespace: 'n', name: 'web' },
    annotations: { 'fairlead.dev/scheme': 'https', 'fairlead.dev/ca': 'authority' },
  },
  type: 'ClusterIP',
  headless: false,
  hasSelector: true,
  ports: [{ name: '', port: 443, protocol: 'TCP' }],
};

/** Two Ingresses, so that what is kept of the Service has to be right for each. */
const ingresses = ['a', 'b'].map((name): SourceObject => ({
  kind: 'Ingress',
  meta: { ref: { source: 'one', kind: 'Ingress', namespace: 'n', name }, annotations: {} },
  className: 'fairlead',
  rules: [
    {
      host: `${name}.test`,
      field: 'spec.rules[0]',
      paths: [
        {
          path: '/',
          pathType: 'Prefix',
          field: 'spec.rules[0].http.paths[0]',
          backend: { kind: 'service', name: 'web', port: 443 },
        },
      ],
    },
  ],
  tls: [],
  addresses: [],
}));

const secret: Secret = {
  kind: 'Secret',
  meta: { ref: { source: 'one', kind: 'Secret', namespace: 'n', name: 'authority' }, annotations: {} },
  type: 'Opaque',
  data: { 'ca.crt': authority },
};

function set(object: SourceObject): Change {
  return { kind: 'set', object };
}

it('hears of a Secret that an annotation names when it comes, changes and goes', () => {
  const pipeline = new Pipeline(toTestSettings());
  const body = (): string => pipeline.toBody('default').toString();
  const codes = (): readonly string[] => pipeline.problems().map(({ code }) => code);
  pipeline.update([service, ...ingresses].map(set));
  expect(body()).not.toContain('serversTransports');
  expect(codes()).toContain('annotation-invalid');
  pipeline.update([set(secret)]);
  expect(body()).toContain('"n_web_443":{"rootCAs":["-----BEGIN CERTIFICATE');
  expect(codes()).not.toContain('annotation-invalid');
  pipeline.update([set({ ...secret, data: {} })]);
  expect(body()).not.toContain('rootCAs');
  pipeline.update([set(secret)]);
  expect(body()).toContain('rootCAs');
  pipeline.update([{ kind: 'delete', ref: secret.meta.ref }]);
  expect(body()).not.toContain('rootCAs');
  const fresh = new Pipeline(toTestSettings());
  fresh.update([service, ...ingresses].map(set));
  expect(body()).toBe(fresh.toBody('default').toString());
});

it('takes a ConfigMap as well, whose name says so', () => {
  const pipeline = new Pipeline(toTestSettings());
  const annotations = { ...service.meta.annotations, 'fairlead.dev/ca': 'configmap/authority' };
  pipeline.update([...ingresses, { ...service, meta: { ...service.meta, annotations } }].map(set));
  expect(pipeline.problems().map(({ message }) => message)).toContain(
    'There is no ConfigMap authority; the default applies',
  );
  const ref = { ...secret.meta.ref, kind: 'ConfigMap' } as const;
  pipeline.update([
    set({ kind: 'ConfigMap', meta: { ref, annotations: {} }, data: { 'ca.crt': authority } }),
  ]);
  expect(pipeline.toBody('default').toString()).toContain('rootCAs');
});
