import { describe, expect, it } from 'vitest';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { hostileSettings } from '../../golden/support/hostile-world.ts';
import { toSets } from '../../golden/support/replay.ts';
import { toRawService, toRawSlice, type Raw } from '../../support/bombs.ts';
import { slowness } from '../../support/slowness.ts';
import { source } from './good-tenant.ts';

const gatewayApi = 'gateway.networking.k8s.io';
const apiVersion = `${gatewayApi}/v1`;
/** Many times what they take, and far less than where each of a crowd looks at all others of it. */
const mostMs = 15_000;

const some = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const toObject = (kind: string, name: string, spec: Raw, namespace = 'evil'): Raw => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
});
const services = some(16, (each) => `web-${each}`);
const toService = (name: string): Raw => ({
  ...toRawService('evil', {}),
  metadata: { name, namespace: 'evil' },
});
const gateway = [
  {
    apiVersion,
    kind: 'GatewayClass',
    metadata: { name: 'fairlead' },
    spec: { controllerName: 'fairlead.dev/gateway-controller' },
  },
  toObject('Gateway', 'edge', {
    gatewayClassName: 'fairlead',
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
  }),
];
const toRoutes = (count: number, rules: number, namespace: string): readonly Raw[] => {
  const backendRefs = services.map((name) => ({ name, namespace, port: 80 }));
  const spec = { parentRefs: [{ name: 'edge' }], rules: some(rules, () => ({ backendRefs })) };
  return some(count, (each) => toObject('HTTPRoute', `route-${each}`, spec));
};

const crowds: Readonly<Record<string, () => readonly Raw[]>> = {
  'slices that have none of the ports of their Service': () => [
    toRawService(
      'evil',
      { 'fairlead.dev/expose': 'true' },
      some(500, (each) => ({ name: `port-${each}`, port: each + 1 })),
    ),
    ...some(1_000, (each) => ({
      ...toRawSlice('evil', [`10.4.${each >> 8}.${each & 255}`]),
      metadata: {
        name: `slice-${each}`,
        namespace: 'evil',
        labels: { 'kubernetes.io/service-name': 'web' },
      },
      ports: some(100, (of) => ({ name: `other-${of}`, port: 8_000 + of })),
    })),
  ],
  'policies for the same Services': () => [
    ...services.map(toService),
    ...toRoutes(100, 1, 'evil'),
    ...some(2_000, (each) =>
      toObject('BackendTLSPolicy', `policy-${each}`, {
        targetRefs: services.map((name) => ({ group: '', kind: 'Service', name })),
        validation: { hostname: 'a.test', wellKnownCACertificates: 'System' },
      }),
    ),
  ],
  'routes of both kinds for the same hosts': () =>
    ['HTTPRoute', 'GRPCRoute'].flatMap((kind) =>
      some(500, (each) =>
        toObject(kind, `route-${each}`, {
          parentRefs: [{ name: 'edge' }],
          hostnames: some(16, (of) => `host-${of}.test`),
          rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
        }),
      ),
    ),
  'grants of another namespace, and routes that look for one': () => [
    ...toRoutes(100, 16, 'other'),
    ...some(3_000, (each) =>
      toObject(
        'ReferenceGrant',
        `grant-${each}`,
        {
          from: some(16, () => ({ group: gatewayApi, kind: 'HTTPRoute', namespace: 'evil' })),
          to: some(16, (of) => ({ group: '', kind: 'Service', name: `not-${of}` })),
        },
        'other',
      ),
    ),
  ],
};

describe('a crowd of objects of one tenant', () => {
  it.each(Object.keys(crowds))(
    'of %s costs what they are, and not all of them for each of them',
    (name) => {
      const pipeline = new Pipeline(hostileSettings);
      const raws = [...gateway, ...(crowds[name]?.() ?? [])];
      const objects = raws.flatMap((raw) => toSourceObjects(raw, source, () => undefined));
      expect(objects.length).toBe(raws.length);
      const began = performance.now();
      pipeline.update(toSets(objects));
      pipeline.toBody('default');
      expect(performance.now() - began).toBeLessThan(mostMs * slowness());
      expect(pipeline.problems().filter(({ code }) => code === 'internal-error')).toEqual([]);
    },
    300_000,
  );
});
