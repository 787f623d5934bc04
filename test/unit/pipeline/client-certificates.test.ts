import { expect, it } from 'vitest';
import type { Secret, Service } from '../../../src/model/objects.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { certificates } from '../../e2e/support/certificates.ts';
import { toTestSettings } from '../render/intents.ts';

const service: Service = {
  kind: 'Service',
  meta: {
    ref: { source: 'one', kind: 'Service', namespace: 'n', name: 'db' },
    annotations: {
      'fairlead.dev/expose': 'true',
      'fairlead.dev/scheme': 'tls',
      'fairlead.dev/client-cert': 'edge',
    },
  },
  type: 'ClusterIP',
  headless: false,
  hasSelector: true,
  ports: [{ name: '', port: 5432, protocol: 'TCP' }],
};

const secret: Secret = {
  kind: 'Secret',
  meta: { ref: { source: 'one', kind: 'Secret', namespace: 'n', name: 'edge' }, annotations: {} },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': certificates.unrelated.cert, 'tls.key': certificates.unrelated.key },
};

it('that are shown to backends are watched for their end, for as long as they are there', () => {
  const pipeline = new Pipeline(toTestSettings());
  pipeline.update([{ kind: 'set', object: service }]);
  expect(pipeline.certificates()).toEqual([]);
  pipeline.update([{ kind: 'set', object: secret }]);
  expect(pipeline.certificates()).toMatchObject([
    {
      subject: { name: 'db' },
      field: 'metadata.annotations[fairlead.dev/client-cert]',
      secretName: 'edge',
      validity: { notAfter: Date.parse('2125-01-01T00:00:00Z') },
    },
  ]);
  pipeline.update([{ kind: 'delete', ref: secret.meta.ref }]);
  expect(pipeline.certificates()).toEqual([]);
});
