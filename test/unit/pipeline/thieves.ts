import * as fc from 'fast-check';
import { hostileObject, metadata, text } from '../../golden/support/hostile-world.ts';
import { bombs } from '../../support/bombs.ts';
import { makeCertificate, type CertificateShape } from '../../support/certificates/make-certificate.ts';
import { gatewayTheft } from './gateway-thieves.ts';
import { hosts, requestedPort, sniHost } from './good-tenant.ts';

const [host = '', api = '', app = ''] = hosts;
const wildcards = ['*.good.test', '*.apps.good.test', '*.test', '*'];
const wanted = fc.constantFrom(...hosts, ...wildcards, 'SHOP.good.test.', 'z.apps.good.test', 'good.test');

const shapes: readonly CertificateShape[] = [
  { dns: hosts },
  { dns: wildcards },
  { dns: ['*.apps.good.test', 'z.apps.good.test'] },
  { dns: ['*.good.test', 'mine.evil.test'] },
  { dns: [`${host}.`, '*.good.test.'] },
  { dns: [`${api},mine.evil.test`] },
  { commonNames: ['mine.evil.test', host] },
  { commonNames: [app] },
];
const pairs = shapes.map(makeCertificate);
const pair = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...pairs) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...pairs), text).map(([{ cert }, key]) => ({ cert, key })),
  },
);

const secret = fc.tuple(metadata, pair).map(([meta, { cert, key }]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: meta,
  type: 'kubernetes.io/tls',
  stringData: { 'tls.crt': cert, 'tls.key': key, 'ca.crt': cert },
}));

const backend = fc
  .constantFrom('c', 'web', 'shop')
  .map((name) => ({ service: { name, port: { number: 80 } } }));
const rule = fc
  .tuple(
    wanted,
    fc.constantFrom('/', '/a', '/v1', '/z', '/(?!x)'),
    fc.constantFrom('Exact', 'Prefix'),
    backend,
  )
  .map(([of, path, pathType, to]) => ({ host: of, http: { paths: [{ path, pathType, backend: to }] } }));
// Without hosts, an entry is for any host.
const tls = fc.record({
  hosts: fc.array(wanted, { maxLength: 2 }),
  secretName: fc.constantFrom('c', 'b-c', 'web', 'shop-tls', ''),
});
const ingress = fc.record({
  apiVersion: fc.constantFrom('networking.k8s.io/v1', 'extensions/v1beta1'),
  kind: fc.constant('Ingress'),
  metadata,
  spec: fc.record(
    {
      ingressClassName: fc.constantFrom('fairlead', 'nginx'),
      tls: fc.array(tls, { minLength: 1, maxLength: 3 }),
      rules: fc.array(rule, { maxLength: 4 }),
      defaultBackend: backend,
    },
    { requiredKeys: ['ingressClassName', 'tls'] },
  ),
});

const target = fc.constantFrom('c', 'good/api', 'good/open:db', 'manifests/good/shop', 'b/c:http');
const claims = fc.record(
  {
    'fairlead.dev/expose': fc.constant('true'),
    'fairlead.dev/host': fc.subarray([...hosts, ...wildcards], { minLength: 1 }).map((all) => all.join(',')),
    'fairlead.dev/path': fc.constantFrom('/', '/a', '/v1'),
    'fairlead.dev/tls': fc.constantFrom('true', 'c', 'good/shop-tls', 'shop-tls'),
    'fairlead.dev/request-port.http': fc.constantFrom(String(requestedPort), '20000'),
    'fairlead.dev/request-port.dns': fc.constant(String(requestedPort)),
    'fairlead.dev/addresses': fc.constant(`192.0.2.1:${requestedPort}`),
    'fairlead.dev/expose-each': fc.constantFrom('true', 'http'),
    'fairlead.dev/request-port.80.vm': fc.constant(String(requestedPort)),
    'fairlead.dev/sni': fc
      .subarray([...hosts, ...wildcards, sniHost], { minLength: 1 })
      .map((all) => all.map((each) => `http=${each}`).join(',')),
    'fairlead.dev/sni-port': fc.constantFrom('databases', String(requestedPort)),
    'fairlead.dev/pool': fc.constantFrom('default', 'own', 'imported'),
    'fairlead.dev/ports-from': fc.constantFrom('good/open', 'good/databases'),
    'fairlead.dev/migrate-to': target,
    'fairlead.dev/migrate-weight': fc.constantFrom('0', '50', '100'),
    'fairlead.dev/mirror-to': target,
    'fairlead.dev/failover-to': target,
    'fairlead.dev/failover-status': fc.constant('500-599'),
    'fairlead.dev/grant-to': fc.constant('*'),
    'fairlead.dev/health-port': fc.constant('22'),
    'fairlead.dev/client-cert': fc.constantFrom('c', 'good/shop-tls'),
  },
  { requiredKeys: [] },
);
const service = fc.tuple(metadata, claims).map(([meta, annotations]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...meta, annotations: { ...meta.annotations, ...annotations } },
  spec: {
    selector: { app: 'x' },
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
}));

const address = fc.oneof(fc.constantFrom('10.9.0.1', '127.0.0.1', '::ffff:127.0.0.1'), text);
const endpoints = fc
  .tuple(metadata, fc.constantFrom('shop', 'c', 'web'), fc.array(address, { minLength: 1, maxLength: 3 }))
  .map(([meta, name, addresses]) => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...meta, name },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'http', port: 80 }] }],
  }));

const configMap = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('ConfigMap'),
  metadata,
  data: fc.dictionary(fc.constantFrom('ca.crt', 'ledger', '__proto__', '80'), text),
});

// Only its name is the tenants' in common: who may write one of the name `fairlead` has the whole cluster.
const ingressClass = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'),
  kind: fc.constant('IngressClass'),
  metadata: metadata.map(({ annotations }) => ({
    name: 'theirs',
    annotations: { ...annotations, 'ingressclass.kubernetes.io/is-default-class': 'true' },
  })),
  spec: fc.record({
    controller: fc.oneof(fc.constantFrom('fairlead.dev/ingress-controller', 'k8s.io/ingress-nginx'), text),
  }),
});

const namespace = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Namespace'),
  metadata: metadata.map(({ annotations }) => ({ name: 'a', annotations })),
});

/** What tenants of other, younger namespaces write at one time to have what the good one has. */
export const theft: fc.Arbitrary<readonly object[]> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .oneof(
        { weight: 8, arbitrary: gatewayTheft },
        { weight: 6, arbitrary: hostileObject },
        { weight: 4, arbitrary: ingress },
        { weight: 4, arbitrary: service },
        { weight: 3, arbitrary: secret },
        { weight: 1, arbitrary: endpoints },
        { weight: 1, arbitrary: configMap },
        { weight: 1, arbitrary: ingressClass },
        { weight: 1, arbitrary: namespace },
      )
      .map((raw) => [raw]),
  },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(bombs)).map((make) => make()) },
);
