import * as fc from 'fast-check';
import { text } from '../../golden/support/hostile-world.ts';
import { api, hostname, name, named, namespace, orText, port, secretRef } from './gateway-words.ts';
import { hosts, ownGateway, requestedPort, sniHost } from './good-tenant.ts';
import { routeTheft } from './route-thieves.ts';

const namespaces = fc.constantFrom('All', 'Same', 'Selector', 'None', undefined);
const listener = fc.record(
  {
    name: orText('http', 'https', 'tls', 'tcp', 'udp'),
    port,
    protocol: orText('HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'),
    hostname,
    tls: fc.record(
      {
        mode: fc.constantFrom('Terminate', 'Passthrough'),
        certificateRefs: fc.array(secretRef, { maxLength: 2 }),
        options: fc.dictionary(text, text, { maxKeys: 2 }),
      },
      { requiredKeys: [] },
    ),
    allowedRoutes: fc.record({
      namespaces: namespaces.map((from) => ({
        from,
        selector: { matchLabels: {} },
      })),
    }),
  },
  { requiredKeys: ['name', 'port', 'protocol'] },
);
/** Of which each can stand beside the others. */
const goodListeners = [
  {
    name: 'http',
    port: 80,
    protocol: 'HTTP',
    allowedRoutes: { namespaces: { from: 'All' } },
  },
  {
    name: 'wide',
    port: 443,
    protocol: 'HTTPS',
    hostname: '*.good.test',
    tls: { certificateRefs: [{ name: 'c' }] },
  },
  {
    name: 'https',
    port: 443,
    protocol: 'HTTPS',
    hostname: hosts[3],
    tls: { certificateRefs: [{ name: 'web' }] },
  },
  {
    name: 'tls',
    port: 443,
    protocol: 'TLS',
    hostname: sniHost,
    tls: { mode: 'Passthrough' },
  },
  { name: 'tcp', port: 20_000, protocol: 'TCP' },
  { name: 'taken', port: requestedPort, protocol: 'TCP' },
  { name: 'udp', port: 20_001, protocol: 'UDP' },
];
const listeners = fc.oneof(
  { weight: 3, arbitrary: fc.subarray(goodListeners, { minLength: 1 }) },
  { weight: 1, arbitrary: fc.array(listener, { minLength: 1, maxLength: 5 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.subarray(goodListeners, { minLength: 1 }), listener)
      .map(([some, one]) => [...some, one]),
  },
);

const caRef = fc.record({
  group: fc.constant(''),
  kind: fc.constantFrom('ConfigMap', 'Secret'),
  name: orText('c', 'web', 'shop-tls'),
});
const gateway = fc.record({
  apiVersion: fc.constant(api),
  kind: fc.constant('Gateway'),
  metadata: named,
  spec: fc.record(
    {
      gatewayClassName: orText('fairlead', 'fairlead', 'other'),
      listeners,
      addresses: fc.array(
        fc.record({
          type: orText('IPAddress', 'Hostname'),
          value: orText('203.0.113.7'),
        }),
        {
          maxLength: 1,
        },
      ),
      allowedListeners: fc.constantFrom({ namespaces: { from: 'All' } }, { namespaces: { from: 'Same' } }),
      tls: fc.record(
        {
          frontend: fc.record({
            default: fc.record({
              validation: fc.record({
                caCertificateRefs: fc.array(caRef, { maxLength: 2 }),
              }),
            }),
          }),
          backend: fc.record({ clientCertificateRef: secretRef }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['gatewayClassName', 'listeners'] },
  ),
});
/** As it is, without what it may have besides. */
const plainGateway = gateway.map(({ spec: { listeners: all, ...others }, ...rest }) => ({
  ...rest,
  spec: {
    listeners: all,
    gatewayClassName: 'fairlead',
    allowedListeners: others.allowedListeners,
  },
}));
const listenerSet = fc.record({
  apiVersion: fc.constant(api),
  kind: fc.constant('ListenerSet'),
  metadata: named,
  spec: fc.record({
    parentRef: fc.oneof(
      fc.constant(ownGateway),
      fc.record({ name: fc.oneof(fc.constant('edge'), name), namespace }, { requiredKeys: ['name'] }),
    ),
    listeners,
  }),
});

const grant = fc.record({
  apiVersion: fc.constantFrom(api, 'gateway.networking.k8s.io/v1beta1'),
  kind: fc.constant('ReferenceGrant'),
  metadata: named,
  spec: fc.record({
    from: fc.array(
      fc.record({
        group: orText('gateway.networking.k8s.io'),
        kind: orText('HTTPRoute', 'Gateway', 'TCPRoute'),
        namespace: orText('a', 'b', '*'),
      }),
      {
        maxLength: 3,
      },
    ),
    to: fc.array(fc.record({ group: fc.constant(''), kind: orText('Service', 'Secret') }), { maxLength: 2 }),
  }),
});
const policy = fc.record({
  apiVersion: fc.constantFrom(api, 'gateway.networking.k8s.io/v1alpha3'),
  kind: fc.constant('BackendTLSPolicy'),
  metadata: named,
  spec: fc.record({
    targetRefs: fc.array(
      fc.record({
        group: fc.constant(''),
        kind: orText('Service'),
        name,
        sectionName: orText('http', undefined),
      }),
      {
        maxLength: 2,
      },
    ),
    validation: fc.record(
      {
        hostname,
        caCertificateRefs: fc.array(caRef, { maxLength: 2 }),
        wellKnownCACertificates: orText('System'),
      },
      { requiredKeys: [] },
    ),
  }),
});

/** For their routes to lead to. */
const service = named.map(({ name: of, namespace: where }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: of,
    namespace: where,
    annotations: { 'fairlead.dev/backends': 'clusterip' },
  },
  spec: {
    clusterIP: '10.96.0.7',
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
}));

/** An object of the Gateway API of a tenant who means ill, as `kubectl apply` would take it or as only a folder does. */
export const gatewayTheft: fc.Arbitrary<object> = fc.oneof(
  { weight: 2, arbitrary: gateway },
  { weight: 2, arbitrary: plainGateway },
  { weight: 2, arbitrary: service },
  { weight: 2, arbitrary: listenerSet },
  { weight: 10, arbitrary: routeTheft },
  { weight: 1, arbitrary: grant },
  { weight: 1, arbitrary: policy },
);
