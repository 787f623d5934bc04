import * as fc from 'fast-check';
import { kinds } from '../../../src/kinds/index.ts';
import type { RawObject } from '../../../src/lib/raw-object.ts';
import type { Meta, SourceObject } from '../../../src/model/objects.ts';
import { name, namespace, some, source, toMeta } from './arbitrary-names.ts';

/** The kinds of the Gateway API, all but GatewayClasses, which have no namespace. */
export const gatewayKinds = [
  'BackendTLSPolicy',
  'GRPCRoute',
  'Gateway',
  'HTTPRoute',
  'ListenerSet',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
] as const;
type GatewayKind = (typeof gatewayKinds)[number];

const group = 'gateway.networking.k8s.io';
const hostname = fc.constantFrom(undefined, 'x.test.com', '*.test.com', 'bbs.test.com');

/** As the reader of its kind reads it. What it cannot read is rather nothing at all than an object of our making. */
function toObject(kind: GatewayKind | 'GatewayClass', meta: Meta, spec: RawObject): readonly SourceObject[] {
  const object = kinds[kind].read({ metadata: { generation: 1 }, spec }, meta, () => undefined);
  return object === undefined ? [] : [object];
}

/** All in one source: what is of another one has nothing to do with them, and objects of two would hardly meet. */
function toKind(
  kind: GatewayKind,
  annotations: Parameters<typeof some>[0],
  spec: fc.Arbitrary<RawObject>,
): fc.Arbitrary<readonly SourceObject[]> {
  return fc
    .tuple(toMeta(kind, some(annotations)), spec)
    .map(([meta, of]) => toObject(kind, { ...meta, ref: { ...meta.ref, source: 'one' } }, of));
}

const certificateRef = fc.record(
  { name, namespace: fc.constantFrom(undefined, 'a', 'a-b') },
  { requiredKeys: ['name'] },
);

const allowed = fc.constantFrom(
  undefined,
  { namespaces: { from: 'All' } },
  { namespaces: { from: 'Selector', selector: { matchLabels: { tier: 'x' } } } },
  { kinds: [{ kind: 'HTTPRoute' }] },
);

const listener = fc
  .record({
    of: fc.constantFrom(
      { name: 'http', port: 80, protocol: 'HTTP' },
      { name: 'other', port: 80, protocol: 'HTTP' },
      { name: 'https', port: 443, protocol: 'HTTPS' },
      { name: 'tls', port: 443, protocol: 'TLS' },
      { name: 'tcp', port: 20_001, protocol: 'TCP' },
      { name: 'udp', port: 20_001, protocol: 'UDP' },
      { name: 'one', port: 1, protocol: 'TCP' },
      { name: 'odd', port: 80, protocol: 'TCP' },
    ),
    hostname,
    allowedRoutes: allowed,
    certificateRefs: fc.array(certificateRef, { maxLength: 2 }),
    mode: fc.constantFrom('Terminate', 'Passthrough'),
  })
  .map(({ of, mode, certificateRefs, ...rest }) => ({
    ...of,
    ...rest,
    ...(of.port === 443 && { tls: { mode, certificateRefs } }),
  }));

const listeners = fc.uniqueArray(listener, { minLength: 2, maxLength: 6, selector: (each) => each.name });
const allocate = {
  'fairlead.dev/allocate-port': fc.constantFrom('tcp', 'one,udp', 'http', 'nothing'),
  'fairlead.dev/pool': fc.constantFrom('games', 'nowhere'),
};

const gateway = toKind(
  'Gateway',
  { ...allocate, 'fairlead.dev/allocate-ports-for': fc.constantFrom('All', 'Same', 'tier=x', '?') },
  fc.record({
    gatewayClassName: fc.constantFrom('fairlead', 'fairlead', 'foreign'),
    listeners,
    allowedListeners: fc.constantFrom(undefined, { namespaces: { from: 'All' } }),
    tls: fc.constantFrom(undefined, {
      frontend: {
        default: { validation: { caCertificateRefs: [{ kind: 'ConfigMap', group: '', name: 'c' }] } },
      },
    }),
  }),
);

const parentRef = fc.record(
  {
    kind: fc.constantFrom('Gateway', 'ListenerSet'),
    name,
    namespace: fc.constantFrom('a', 'a-b'),
    sectionName: fc.constantFrom('http', 'https', 'tcp', 'tls', 'none'),
    port: fc.constantFrom(80, 443, 20_001),
  },
  { requiredKeys: ['name', 'namespace'] },
);
// Most name nothing but the Gateway.
const parentRefs = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ name: 'c', namespace: 'a' }) },
    { weight: 1, arbitrary: parentRef },
  ),
  {
    minLength: 1,
    maxLength: 2,
  },
);

const listenerSet = toKind(
  'ListenerSet',
  allocate,
  fc.record({ parentRef: fc.record({ name, namespace }), listeners }),
);

const backendRef = fc.record(
  {
    name: fc.constantFrom('c', 'b-c', 'none'),
    namespace: fc.constantFrom('a', 'a-b'),
    kind: fc.constantFrom('Service', 'Bucket'),
    port: fc.constantFrom(80, 443, 53, 1),
    weight: fc.constantFrom(0, 1, 9),
  },
  { requiredKeys: ['name', 'port'] },
);
const backendRefs = fc.array(backendRef, { maxLength: 2 });

const filter = fc.constantFrom(
  { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-A', value: '1' }] } },
  { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'X-A', value: '1' }] } },
  { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
  { type: 'RequestRedirect', requestRedirect: { hostname: 'x.test.com', statusCode: 308 } },
  { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/n' } } },
  { type: 'RequestMirror', requestMirror: { backendRef: { name: 'c', port: 80 }, percent: 30 } },
  { type: 'CORS', cors: { allowOrigins: ['https://*.test.com'] } },
  { type: 'ExtensionRef', extensionRef: { group: 'x', kind: 'Y', name: 'z' } },
);

const httpMatch = fc.record(
  {
    path: fc.constantFrom(
      { type: 'PathPrefix', value: '/a' },
      { type: 'Exact', value: '/a' },
      { type: 'RegularExpression', value: '/[ab]' },
      { type: 'RegularExpression', value: '(' },
    ),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.constantFrom([{ name: 'x-a', value: '1' }], [{ name: 'x-b', value: '2' }]),
  },
  { requiredKeys: [] },
);

const httpRoute = toKind(
  'HTTPRoute',
  {},
  fc.record({
    parentRefs,
    hostnames: fc.array(hostname, { maxLength: 2 }).map((all) => all.filter((each) => each !== undefined)),
    rules: fc.array(
      fc.record(
        {
          matches: fc.array(httpMatch, { maxLength: 2 }),
          filters: fc.array(filter, { maxLength: 2 }),
          backendRefs,
          timeouts: fc.constantFrom({ request: '1s' }),
          sessionPersistence: fc.constantFrom({ sessionName: 's' }, { type: 'Header' }),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    ),
  }),
);

const grpcRoute = toKind(
  'GRPCRoute',
  {},
  fc.record({
    parentRefs,
    hostnames: fc.constantFrom([], ['x.test.com']),
    rules: fc.array(
      fc.record(
        {
          matches: fc.constantFrom([{ method: { service: 'a.B' } }], [{ method: { method: 'Get' } }]),
          backendRefs,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 1 },
    ),
  }),
);

const ports = { 'fairlead.dev/expose': fc.constantFrom('true', 'tcp') };
const portRule = fc.record({ backendRefs });
const toPortRoute = (kind: 'TCPRoute' | 'UDPRoute'): fc.Arbitrary<readonly SourceObject[]> =>
  toKind(kind, ports, fc.record({ parentRefs, rules: fc.array(portRule, { minLength: 1, maxLength: 1 }) }));

const tlsRoute = toKind(
  'TLSRoute',
  {},
  fc.record({
    parentRefs,
    hostnames: fc.constantFrom(['x.test.com'], ['*.test.com'], ['bbs.test.com']),
    rules: fc.array(portRule, { minLength: 1, maxLength: 1 }),
  }),
);

const policy = toKind(
  'BackendTLSPolicy',
  {},
  fc.record({
    targetRefs: fc.array(
      fc.record({
        group: fc.constant(''),
        kind: fc.constantFrom('Service', 'Bucket'),
        name,
        sectionName: fc.constantFrom(undefined, 'http'),
      }),
      { minLength: 1, maxLength: 1 },
    ),
    validation: fc.constantFrom(
      { hostname: 'x.test.com', wellKnownCACertificates: 'System' },
      { hostname: 'x.test.com', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'c' }] },
    ),
  }),
);

const gatewayClass = fc
  .record({
    source,
    controllerName: fc.constantFrom('fairlead.dev/gateway-controller', 'example.com/other'),
  })
  .map(({ source: of, controllerName }) =>
    toObject(
      'GatewayClass',
      { ref: { source: of, kind: 'GatewayClass', namespace: '', name: 'fairlead' }, annotations: {} },
      { controllerName },
    ),
  );

const grant = toMeta('ReferenceGrant', fc.constant({})).map((meta): readonly SourceObject[] => [
  {
    kind: 'ReferenceGrant',
    meta,
    from: ['Gateway', 'HTTPRoute', 'ListenerSet', 'TCPRoute'].flatMap((kind) =>
      ['a', 'a-b'].map((from) => ({ group, kind, namespace: from })),
    ),
    to: ['ConfigMap', 'Secret', 'Service'].map((kind) => ({ group: '', kind })),
  },
]);

/** Any object of the Gateway API, and what lets its objects name those of other namespaces. */
export const anyGatewayObject: fc.Arbitrary<SourceObject> = fc
  .oneof(
    { weight: 3, arbitrary: gatewayClass },
    { weight: 4, arbitrary: gateway },
    { weight: 2, arbitrary: listenerSet },
    { weight: 4, arbitrary: httpRoute },
    { weight: 1, arbitrary: grpcRoute },
    { weight: 2, arbitrary: toPortRoute('TCPRoute') },
    { weight: 1, arbitrary: toPortRoute('UDPRoute') },
    { weight: 2, arbitrary: tlsRoute },
    { weight: 1, arbitrary: policy },
    { weight: 1, arbitrary: grant },
  )
  .filter((objects) => objects.length > 0)
  .map(([object]) => object)
  .filter((object) => object !== undefined);

/** What the others need to come to anything: the class, a Gateway with all kinds of listeners, and a Service with endpoints. */
export const gatewayBase: readonly SourceObject[] = [
  ...toObject(
    'GatewayClass',
    { ref: { source: 'one', kind: 'GatewayClass', namespace: '', name: 'fairlead' }, annotations: {} },
    { controllerName: 'fairlead.dev/gateway-controller' },
  ),
  ...toObject(
    'Gateway',
    { ref: { source: 'one', kind: 'Gateway', namespace: 'a', name: 'c' }, annotations: {} },
    {
      gatewayClassName: 'fairlead',
      allowedListeners: { namespaces: { from: 'All' } },
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
        { name: 'tcp', port: 20_001, protocol: 'TCP', allowedRoutes: { namespaces: { from: 'All' } } },
        { name: 'udp', port: 20_001, protocol: 'UDP', allowedRoutes: { namespaces: { from: 'All' } } },
        { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
      ],
    },
  ),
];
