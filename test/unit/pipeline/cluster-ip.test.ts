import { expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../../../src/model/objects.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toTestSettings } from '../render/intents.ts';

const service: Service = {
  kind: 'Service',
  meta: {
    ref: { source: 'one', kind: 'Service', namespace: 'n', name: 'web' },
    annotations: { 'fairlead.dev/host': 'web.test' },
  },
  type: 'ClusterIP',
  clusterIP: '10.96.0.1',
  headless: false,
  hasSelector: true,
  ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
};

function toPods(...addresses: readonly string[]): Change {
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    meta: { ref: { ...service.meta.ref, kind: 'EndpointSlice', name: 'web-1' }, annotations: {} },
    service: 'web',
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((address) => ({
      addresses: [address],
      ready: true,
      serving: true,
      terminating: false,
    })),
  };
  return { kind: 'set', object: slice };
}

test.each([
  ['clusterip', 'no'],
  ['endpoints', 'a'],
] as const)('with %s a pod that comes or goes makes %s change of the document', (backends, change) => {
  const pipeline = new Pipeline(toTestSettings({ services: { backends } }));
  pipeline.update([{ kind: 'set', object: service }, toPods('10.244.1.1', '10.244.1.2')]);
  const before = pipeline.toBody('default');
  for (const pods of [['10.244.1.1'], [], ['10.244.1.1', '10.244.1.3']]) {
    pipeline.update([toPods(...pods)]);
    expect(pipeline.toBody('default').equals(before)).toBe(change === 'no');
  }
});
