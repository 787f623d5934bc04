import * as fc from 'fast-check';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import type { FailingEndpoints } from '../../../src/model/health.ts';
import type {
  ConfigMap,
  EndpointSlice,
  Endpoints,
  Ingress,
  IngressClass,
  Namespace,
  ReferenceGrant,
  Secret,
  Service,
  SourceObject,
} from '../../../src/model/objects.ts';
import type { LedgerState } from '../../../src/model/ports.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toPort } from '../ports/allocation/notation.ts';
import { certificates } from '../../e2e/support/certificates.ts';
import { name, namespace, some, source, toMeta, toRef } from './arbitrary-names.ts';
import { anyGatewayObject, gatewayBase, gatewayKinds } from './gateway-arbitraries.ts';

const host = fc.constantFrom(
  'x.test.com',
  '*.test.com',
  'bbs.test.com',
  'www.x.test.com',
  'X.test.com.',
  'not a host',
);
const path = fc.constantFrom('/', '/a', '/a/', '/b', 'none');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '127.0.0.1');
const fleet = fc.constantFrom('public', 'internal', 'nowhere');

/** Two sources, two fleets (one on an old Traefik, one with two banks), small pools and limits. */
export const settings: Settings = resolveSettings({
  document: toDocument({
    sources: ['one', 'two'].map((each) => ({ name: each, directory: { path: '.' } })),
    fleets: [
      {
        name: 'public',
        ports: { tcp: { range: '20000-20003' }, udp: { range: '20000-20001' }, bank: 2 },
        pools: [
          { name: 'games', tcp: { range: '20010-20011' }, udp: { range: '20010-20012' }, namespaces: ['a'] },
          { name: 'marked', tcp: { range: '20020-20020' }, labels: { tier: 'x' }, maxPerNamespace: 1 },
        ],
      },
      { name: 'internal', traefik: '3.0', ingressClasses: ['internal'], ports: { udp: null } },
    ],
    imports: [
      { fleet: 'public', protocol: 'tcp', configMap: 'a/c' },
      { fleet: 'internal', protocol: 'tcp', configMap: 'a/b-c', source: 'two' },
      { fleet: 'public', protocol: 'udp', configMap: 'a/c', source: 'two' },
    ],
    ingress: { adopt: [{ controller: 'k8s.io/ingress-nginx', dialect: 'nginx' }] },
    limits: { namespace: { routes: 3 }, fleet: { routes: 5 } },
  }),
  env: {},
  folder: '/',
});

const routing = {
  'fairlead.dev/fleet': fleet,
  'fairlead.dev/tls': fc.constantFrom('true', 'c', 'resolver:le', '?'),
  'fairlead.dev/allow-cidrs': fc.constantFrom('10.0.0.0/8', 'everyone'),
  'fairlead.dev/retries': fc.constantFrom('2', '3', 'x'),
  'fairlead.dev/timeout-read': fc.constantFrom('3s', 'x'),
  'fairlead.dev/max-connections': fc.constantFrom('2', '0'),
  'fairlead.dev/client-cert': fc.constantFrom('c', 'b-c'),
  'fairlead.dev/scheme': fc.constantFrom('https', 'tls'),
};

const move = fc.constantFrom('c', 'b-c', 'a/c', 'two/a-b/c:http', 'c:80', 'nothing', '?');

const serviceAnnotations = some({
  ...routing,
  'fairlead.dev/host': host,
  'fairlead.dev/path': path,
  'fairlead.dev/sni': fc.constantFrom('x.test.com', 'http=*.test.com,53=bbs.test.com', '80=bbs.test.com'),
  'fairlead.dev/sni-port': fc.constantFrom('c', '20001', '?'),
  'fairlead.dev/expose': fc.constantFrom('true', 'http', '53,x', 'false'),
  'fairlead.dev/expose-each': fc.constantFrom('true', 'http', 'x'),
  'fairlead.dev/pool': fc.constantFrom('games', 'marked', 'default', 'imported'),
  'fairlead.dev/ports-from': fc.constantFrom('c', 'a/b-c', '?'),
  'fairlead.dev/ports-to': fc.constantFrom('c', 'a-b/b-c'),
  'fairlead.dev/request-port.80.c-1': fc.constantFrom('20002'),
  'fairlead.dev/request-port.http': fc.constantFrom('20001', '20003', '1'),
  'fairlead.dev/weights': fc.constantFrom('10.0.0.1=5', '10.0.0.1=0', 'x'),
  'fairlead.dev/migrate-to': move,
  'fairlead.dev/migrate-weight': fc.constantFrom('0', '30', '100', 'x'),
  'fairlead.dev/migrate-plan': fc.constantFrom('5%@10m,100%', 'x'),
  'fairlead.dev/migrate-state': fc.constantFrom('30% to c, set by hand', 'x'),
  'fairlead.dev/failover-to': move,
  'fairlead.dev/failover-status': fc.constantFrom('502', 'x'),
  'fairlead.dev/mirror-to': move,
  'fairlead.dev/mirror-percent': fc.constantFrom('0', '50'),
  'fairlead.dev/sticky-cookie': fc.constantFrom('one', '?'),
  'fairlead.dev/grant-to': fc.constantFrom('a', '*,one/*', 'x y'),
  'fairlead.dev/max-fails': fc.constantFrom('2', '0'),
  'fairlead.dev/backends': fc.constantFrom('clusterip', 'dns', 'endpoints'),
  'fairlead.dev/server-name': fc.constantFrom('c.test.com'),
  'fairlead.dev/proxy-protocol': fc.constantFrom('1', '2', '3'),
  'fairlead.dev/health-port': fc.constantFrom('8080', 'x'),
  'fairlead.dev/health-path': fc.constantFrom('/up', 'up'),
  'fairlead.dev/health-send': fc.constantFrom('PING'),
  'fairlead.dev/health-tcp': fc.constantFrom('true'),
  'fairlead.dev/health-interval': fc.constantFrom('5s', 'x'),
  'fairlead.dev/ca': fc.constantFrom('c', 'configmap/c'),
  'fairlead.dev/strategy': fc.constantFrom('p2c', 'hrw'),
});

const service: fc.Arbitrary<Service> = fc.record({
  kind: fc.constant('Service'),
  meta: toMeta('Service', serviceAnnotations),
  labels: fc.constantFrom({}, { tier: 'x' }),
  type: fc.constantFrom('ClusterIP', 'ExternalName'),
  headless: fc.boolean(),
  hasSelector: fc.boolean(),
  ports: fc.constantFrom(
    [{ name: 'http', port: 80, protocol: 'TCP' }],
    [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ],
    [{ name: '', port: 443, protocol: 'TCP', appProtocol: 'https' }],
  ),
});

const group = {
  addressType: fc.constant('IPv4'),
  ports: fc.constantFrom(
    [
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: 'dns', port: 5353, protocol: 'UDP' },
      { name: 'dns-tcp', port: 5353, protocol: 'TCP' },
    ],
    [{ name: '', port: 8443, protocol: 'TCP' }],
  ),
  endpoints: fc.array(
    fc.record(
      {
        addresses: fc.tuple(address),
        ready: fc.boolean(),
        serving: fc.boolean(),
        terminating: fc.boolean(),
        hostname: fc.constantFrom('c-0', 'c-1', 'c-2', 'C'),
      },
      { requiredKeys: ['addresses', 'ready', 'serving', 'terminating'] },
    ),
    { maxLength: 2 },
  ),
} as const;

const ofSlices = some({
  'fairlead.dev/weights': fc.constantFrom('10.0.0.1=3', 'c-1=0,*=2', '*=0', 'x'),
});

const slice: fc.Arbitrary<EndpointSlice> = fc.record({
  kind: fc.constant('EndpointSlice'),
  meta: toMeta('EndpointSlice', ofSlices),
  service: name,
  ...group,
});

const endpoints: fc.Arbitrary<Endpoints> = toMeta('Endpoints', fc.constant({})).chain((meta) =>
  fc.record({
    kind: fc.constant('Endpoints'),
    meta: fc.constant(meta),
    groups: fc.array(fc.record({ meta: fc.constant(meta), ...group }), { maxLength: 2 }),
  }),
);

const backend: fc.Arbitrary<Ingress['rules'][number]['paths'][number]['backend']> = fc.oneof(
  fc.record({
    kind: fc.constant('service'),
    name,
    port: fc.constantFrom(80, 'http', 443),
  }),
  fc.constant({ kind: 'resource' }),
);

const rule = fc
  .record({ host: fc.option(host), path, pathType: fc.constantFrom('Exact', 'Prefix'), backend })
  .map(({ host: of, ...at }) => ({
    ...(of !== null && { host: of }),
    field: 'spec.rules',
    paths: [{ ...at, field: 'spec.rules.paths' }],
  }));

const nginx = 'nginx.ingress.kubernetes.io/';
const ofNginx = {
  [`${nginx}ssl-redirect`]: fc.constantFrom('true', 'false'),
  [`${nginx}canary`]: fc.constantFrom('true', 'false'),
  [`${nginx}canary-weight`]: fc.constantFrom('10', '100', 'x'),
  [`${nginx}canary-by-header`]: fc.constantFrom('X-Canary', '?:'),
  [`${nginx}canary-by-cookie`]: fc.constantFrom('canary'),
  [`${nginx}affinity`]: fc.constantFrom('cookie'),
  [`${nginx}default-backend`]: fc.constantFrom('c', 'b-c', 'none'),
  [`${nginx}custom-http-errors`]: fc.constantFrom('404,503', 'x'),
  [`${nginx}custom-headers`]: fc.constantFrom('c', 'a/c', 'a-b/c'),
  [`${nginx}proxy-ssl-secret`]: fc.constantFrom('c', 'a/b-c'),
  [`${nginx}upstream-vhost`]: fc.constantFrom('$service_name.$namespace', '$host'),
  [`${nginx}limit-rps`]: fc.constantFrom('5', 'x'),
  [`${nginx}server-alias`]: fc.constantFrom('bbs.test.com', 'www.x.test.com,*.test.com', '~x'),
  [`${nginx}from-to-www-redirect`]: fc.constantFrom('true', 'false'),
};

const ingress: fc.Arbitrary<Ingress> = fc
  .record({
    meta: toMeta('Ingress', some({ ...routing, ...ofNginx })),
    className: fc.constantFrom('fairlead', 'internal', 'own', 'foreign', 'nginx'),
    defaultBackend: fc.option(backend),
    rules: fc.array(rule, { maxLength: 2 }),
    tls: fc.constantFrom(
      [],
      [{ hosts: ['bbs.test.com'], secretName: 'c', field: 'spec.tls[0]' }],
      [{ hosts: [], secretName: 'b-c', field: 'spec.tls[0]' }],
    ),
  })
  .map(({ defaultBackend, ...others }) => ({
    kind: 'Ingress',
    addresses: [],
    ...others,
    ...(defaultBackend !== null && { defaultBackend }),
  }));

const { bbsTestCom, wildcardTestCom, unrelated } = certificates;
const secret: fc.Arbitrary<Secret> = fc.record({
  kind: fc.constant('Secret'),
  meta: toMeta('Secret', fc.constant({})),
  type: fc.constant('kubernetes.io/tls'),
  data: fc.constantFrom(
    { 'tls.crt': bbsTestCom.cert, 'tls.key': bbsTestCom.key },
    { 'tls.crt': wildcardTestCom.cert, 'tls.key': wildcardTestCom.key },
    { 'tls.crt': bbsTestCom.cert, 'tls.key': unrelated.key },
    { 'tls.crt': 'x', 'tls.key': 'y' },
  ),
});

const ingressClass: fc.Arbitrary<IngressClass> = fc
  .record({
    source,
    name: fc.constantFrom('own', 'fairlead'),
    controller: fc.constantFrom('fairlead.dev/ingress-controller', 'example.com/other'),
  })
  .map(({ controller, ...of }) => ({
    kind: 'IngressClass',
    meta: { ref: { ...of, kind: 'IngressClass', namespace: '' }, annotations: {} },
    controller,
  }));

const configMap: fc.Arbitrary<ConfigMap> = fc.record({
  kind: fc.constant('ConfigMap'),
  meta: toMeta('ConfigMap', fc.constant({})),
  data: fc.dictionary(
    fc.constantFrom('9000', '9001', '20001', '53', 'x'),
    fc.constantFrom('a/c:80', 'a/c:http::PROXY', 'a-b/b-c:53', 'a-b/c:80:PROXY', 'y'),
    { maxKeys: 3 },
  ),
});

const referenceGrant: fc.Arbitrary<ReferenceGrant> = fc.record({
  kind: fc.constant('ReferenceGrant'),
  meta: toMeta('ReferenceGrant', fc.constant({})),
  from: fc.array(fc.record({ group: fc.constant(''), kind: fc.constant('Service'), namespace }), {
    maxLength: 2,
  }),
  to: fc.array(
    fc.record(
      { group: fc.constant(''), kind: fc.constant('Service'), name },
      { requiredKeys: ['group', 'kind'] },
    ),
    {
      maxLength: 2,
    },
  ),
});

const anyNamespace: fc.Arbitrary<Namespace> = fc
  .record({ source, name: namespace, labels: fc.constantFrom({}, { tier: 'x' }) })
  .map(({ labels, ...of }) => ({
    kind: 'Namespace',
    meta: { ref: { ...of, kind: 'Namespace', namespace: '' }, annotations: {} },
    labels,
  }));

/** Any object of these few names. */
export const anyObject: fc.Arbitrary<SourceObject> = fc.oneof(
  { weight: 4, arbitrary: service },
  { weight: 4, arbitrary: ingress },
  { weight: 2, arbitrary: slice },
  { weight: 1, arbitrary: endpoints },
  { weight: 1, arbitrary: secret },
  { weight: 1, arbitrary: configMap },
  { weight: 1, arbitrary: ingressClass },
  { weight: 1, arbitrary: referenceGrant },
  { weight: 1, arbitrary: anyNamespace },
  { weight: 8, arbitrary: anyGatewayObject },
);

const kinds = [
  'ConfigMap',
  'EndpointSlice',
  'Endpoints',
  'Ingress',
  'ReferenceGrant',
  'Secret',
  'Service',
  ...gatewayKinds,
] as const;
const deletion = fc.constantFrom(...kinds).chain(toRef);

/** What may happen next: changes that come together, ports being allocated, another ledger, or other endpoints that fail. */
export type Step =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'allocate' }
  | { readonly kind: 'ledger'; readonly ledger: LedgerState }
  | { readonly kind: 'health'; readonly failing: FailingEndpoints };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: anyObject.map((object) => ({ kind: 'set' as const, object })) },
  { weight: 1, arbitrary: deletion.map((ref) => ({ kind: 'delete' as const, ref })) },
);

const ledger: fc.Arbitrary<LedgerState> = fc
  .uniqueArray(
    fc.record({
      fleet: fc.constantFrom('public', 'internal'),
      pool: fc.constantFrom('default', 'games', 'imported'),
      port: fc.constantFrom(20_000, 20_002, 20_009, 20_010).map(toPort),
      protocols: fc.constantFrom(['tcp' as const], ['tcp' as const, 'udp' as const]),
      holder: fc.record({
        source,
        kind: fc.constantFrom('Gateway', 'ListenerSet', 'Service', 'SniPort', 'TCPRoute'),
        namespace,
        name,
      }),
      part: fc.constantFrom(
        undefined,
        { kind: 'endpoint' as const, name: 'c-1' },
        { kind: 'listener' as const, name: 'import-20000' },
        { kind: 'listener' as const, name: 'tcp' },
      ),
      servicePort: fc.constantFrom(80, 53, 443),
      state: fc.constant('held' as const),
      since: fc.constant('2025-01-01T00:00:00Z'),
    }),
    { maxLength: 3, selector: (entry) => `${entry.fleet} ${entry.port}` },
  )
  .map((entries) => ({
    entries: entries.map(({ part, ...entry }) => ({ ...entry, ...(part && { part }) })),
  }));

const failing: fc.Arbitrary<FailingEndpoints> = fc
  .array(
    fc.tuple(toRef('Service').map(toObjectKey), fc.subarray(['10.0.0.1', '10.0.0.2'], { minLength: 1 })),
    {
      maxLength: 4,
    },
  )
  .map((rows) => new Map(rows));

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(change, { minLength: 1, maxLength: 4 })
      .map((changes) => ({ kind: 'changes' as const, changes })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'allocate' as const }) },
  { weight: 1, arbitrary: ledger.map((state) => ({ kind: 'ledger' as const, ledger: state })) },
  { weight: 1, arbitrary: failing.map((state) => ({ kind: 'health' as const, failing: state })) },
);

/** Worlds of the Gateway API, in which most objects come to something. */
export const anyGatewayWorld: fc.Arbitrary<readonly SourceObject[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: anyGatewayObject },
      { weight: 2, arbitrary: service },
      { weight: 2, arbitrary: slice },
      { weight: 1, arbitrary: secret },
      { weight: 1, arbitrary: ingress },
      { weight: 1, arbitrary: anyNamespace },
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((objects) => [...gatewayBase, ...objects]);

/** The objects that are there after the changes. */
export function applyAll(changes: readonly Change[]): readonly SourceObject[] {
  const there = new Map<string, SourceObject>();
  for (const each of changes) {
    if (each.kind === 'set') there.set(toObjectKey(each.object.meta.ref), each.object);
    else there.delete(toObjectKey(each.ref));
  }
  return [...there.values()];
}
