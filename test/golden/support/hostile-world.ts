import * as fc from 'fast-check';
import { features } from '../../../src/annotations/index.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import { certificates } from '../../e2e/support/certificates.ts';
import { hostileTexts } from './poisons.ts';

/** Everything switched on that lets tenants do more. */
export const hostileSettings: Settings = resolveSettings({
  document: toDocument({
    sources: [{ name: 'manifests', directory: { path: '.' } }],
    fleets: [
      {
        ports: { tcp: { range: '20000-20009' }, udp: { range: '20000-20009' }, requestable: null },
        pools: [
          { name: 'own', tcp: { range: '20010-20012' }, udp: { range: '20010-20012' }, namespaces: ['good'] },
        ],
      },
    ],
    ingress: { unclassed: 'take', adopt: [{ controller: 'k8s.io/ingress-nginx', dialect: 'nginx' }] },
    services: { allowExternalName: true },
  }),
  env: {},
  folder: '/',
});

/** Texts that mean something to a parser, and random ones. */
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  // Halves of surrogate pairs as well.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.nat(0xffff), { maxLength: 10 })
      .map((units) => units.map((unit) => String.fromCharCode(unit)).join('')),
  },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom(...'"`\\\'{}()|&@,;:=/%*.║\n\t a1'.split('')),
      maxLength: 30,
    }),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 3_000, maxLength: 6_000 }) },
);
const namespace = fc.constantFrom('a', 'a-b', 'b', `n${'x'.repeat(62)}`);
const name = fc.constantFrom('c', 'b-c', 'c.d', 'web', `x${'y'.repeat(252)}`);
const host = fc.oneof(
  fc.constantFrom('one.innocent.test', 'two.innocent.test', '*.innocent.test', 'a.test', 'A.test.', ''),
  fc.constant(`${'h'.repeat(63)}.${'h'.repeat(63)}.${'h'.repeat(63)}.test`),
  text,
);
const path = fc.oneof(
  fc.constantFrom('/', '/a', '/a/', '/%2F', '/%41', '/\u{1f600}', `/${'p'.repeat(4_000)}`),
  text,
  text.map((each) => `/${each}`),
);
const number = fc.oneof(
  fc.constantFrom(80, 443, 53, 0, -1, 65_536, 1e21, 2 ** 53, 0.5, Number.MAX_VALUE),
  fc.integer(),
);
const sane = fc.constantFrom(80, 443, 53);

const examples = features.flatMap((feature) => [
  ...Object.values(feature.annotations).map(({ key, example }) => ({ key, example })),
  ...Object.values(feature.portAnnotations).map(({ key, example }) => ({ key: `${key}http`, example })),
]);
const annotations = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...examples) },
        { weight: 1, arbitrary: text.map((key) => ({ key, example: '' })) },
        { weight: 1, arbitrary: text.map((key) => ({ key: `fairlead.dev/${key}`, example: '' })) },
      ),
      fc.oneof(fc.constant(undefined), fc.constant(undefined), text),
    ),
    { maxLength: 8 },
  )
  .map((pairs) => Object.fromEntries(pairs.map(([{ key, example }, other]) => [key, other ?? example])));

/** Of an object of a namespace of theirs, with any annotations that there are. */
export const metadata = fc
  .record({
    name,
    namespace,
    annotations,
    creationTimestamp: fc.constantFrom(undefined, '2026-01-01T00:00:00Z'),
  })
  .map((all) => ({ ...all, labels: { 'kubernetes.io/service-name': all.name } }));

const service = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Service'),
  metadata: metadata.map(({ annotations: some, ...others }) => ({
    ...others,
    annotations: { 'fairlead.dev/expose': 'true', ...some },
  })),
  spec: fc.record({
    type: fc.constantFrom('ClusterIP', 'ExternalName'),
    externalName: fc.oneof(fc.constant('db.example.org'), text),
    clusterIP: fc.oneof(fc.constantFrom('None', '10.96.0.1', '::1', 'fe80::1%lo'), text),
    selector: fc.constantFrom({}, { app: 'x' }),
    ports: fc.array(
      fc.record({
        name: fc.oneof(fc.constantFrom('http', 'dns', ''), text),
        port: fc.oneof({ weight: 5, arbitrary: sane }, { weight: 1, arbitrary: number }),
        protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
        appProtocol: fc.oneof(fc.constantFrom('https', 'h2c'), text),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
});

const slice = fc.record({
  apiVersion: fc.constant('discovery.k8s.io/v1'),
  kind: fc.constant('EndpointSlice'),
  metadata,
  addressType: fc.constantFrom('IPv4', 'IPv6', 'FQDN'),
  ports: fc.array(
    fc.record({
      name: fc.constantFrom('http', 'dns', ''),
      port: fc.oneof({ weight: 5, arbitrary: sane }, { weight: 1, arbitrary: number }),
      protocol: fc.constantFrom('TCP', 'UDP'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  endpoints: fc.array(
    fc.record({
      addresses: fc.array(
        fc.oneof(
          fc.constantFrom('10.1.1.1', '10.1.1.2', '2001:db8::1', 'fe80::1%lo', 'vm.example.org'),
          text,
        ),
        { minLength: 1, maxLength: 3 },
      ),
      hostname: fc.oneof(fc.constant('vm'), text),
    }),
    { maxLength: 4 },
  ),
});

const backend = fc.oneof(
  fc.record({
    service: fc.record({
      name: fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: text }),
      port: fc.oneof(
        fc.record({ number: sane }),
        fc.record({ name: fc.oneof(fc.constant('http'), text) }),
        fc.record({ number }),
      ),
    }),
  }),
  fc.record({ resource: fc.constant({ kind: 'Bucket' }) }),
);
const ingress = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'),
  kind: fc.constant('Ingress'),
  metadata,
  spec: fc.record(
    {
      ingressClassName: fc.oneof(fc.constantFrom('fairlead', 'nginx', 'fairlead'), text),
      defaultBackend: backend,
      tls: fc.array(
        fc.record({
          hosts: fc.array(host, { maxLength: 2 }),
          secretName: fc.oneof(name, text),
        }),
        { maxLength: 2 },
      ),
      rules: fc.array(
        fc.record({
          host,
          http: fc.record({
            paths: fc.array(fc.record({ path, pathType: fc.constantFrom('Exact', 'Prefix'), backend }), {
              maxLength: 4,
            }),
          }),
        }),
        { maxLength: 4 },
      ),
    },
    { requiredKeys: ['rules'] },
  ),
});

const pem = fc.oneof(
  fc.constantFrom(
    certificates.wildcardTestCom.cert,
    certificates.wildcardTestCom.key,
    certificates.unrelated.cert,
    certificates.unrelated.key,
  ),
  text,
  text.map((each) => `-----BEGIN CERTIFICATE-----\n${each}\n-----END CERTIFICATE-----\n`),
  text.map((each) => `${certificates.unrelated.cert}${each}`),
);
const secret = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Secret'),
  metadata,
  stringData: fc.record({ 'tls.crt': pem, 'tls.key': pem }),
});

/** An object of a tenant who knows Traefik and means ill, as `kubectl apply` would take it. */
export const hostileObject: fc.Arbitrary<object> = fc.oneof(
  { weight: 3, arbitrary: service },
  { weight: 3, arbitrary: ingress },
  { weight: 2, arbitrary: slice },
  { weight: 1, arbitrary: secret },
);

/** Thirty of them, as a source reads them. */
export const hostileWorld: fc.Arbitrary<readonly SourceObject[]> = fc
  .array(hostileObject, { minLength: 30, maxLength: 30 })
  .map((raws) => raws.flatMap((raw) => toSourceObjects(raw, 'manifests', () => undefined)));

/** Two Ingresses with their Services, older than anything hostile. */
export const innocents: readonly SourceObject[] = ['one', 'two'].flatMap((each) => {
  const meta = { namespace: 'innocent', name: each, creationTimestamp: '2020-01-01T00:00:00Z' };
  const port = { name: 'http', port: 80, protocol: 'TCP' };
  const paths = [
    { path: '/', pathType: 'Prefix', backend: { service: { name: each, port: { number: 80 } } } },
    { path: '/a', pathType: 'Exact', backend: { service: { name: each, port: { number: 80 } } } },
  ];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        ...meta,
        annotations: { 'fairlead.dev/expose': 'true', 'fairlead.dev/allow-cidrs': '10.0.0.0/8' },
      },
      spec: { selector: { app: each }, ports: [port] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...meta, labels: { 'kubernetes.io/service-name': each } },
      addressType: 'IPv4',
      ports: [port],
      endpoints: [{ addresses: ['10.9.9.9'] }],
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta,
      spec: {
        ingressClassName: 'fairlead',
        tls: [{ hosts: [`${each}.innocent.test`] }],
        rules: [{ host: `${each}.innocent.test`, http: { paths } }],
      },
    },
  ].flatMap((raw) => toSourceObjects(raw, 'manifests', () => undefined));
});
