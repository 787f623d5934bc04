import { manifest } from './support.ts';

const parentRefs = [{ name: 'gw', sectionName: 'http' }];
const backendRefs = [
  { name: 'web', port: 80, weight: 2, filters: [{ type: 'CORS', cors: { allowOrigins: ['*'] } }] },
];
const filters = [
  {
    type: 'RequestHeaderModifier',
    requestHeaderModifier: { set: [{ name: 'a', value: '1' }], remove: ['b'] },
  },
  {
    type: 'RequestMirror',
    requestMirror: { backendRef: { name: 'm', port: 80 }, fraction: { numerator: 1, denominator: 3 } },
  },
  {
    type: 'RequestRedirect',
    requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: '/' }, statusCode: 301 },
  },
  { type: 'ExtensionRef', extensionRef: { group: 'x.test', kind: 'X', name: 'x' } },
];
const listener = {
  name: 'https',
  hostname: '*.a.test',
  port: 443,
  protocol: 'HTTPS',
  tls: { certificateRefs: [{ name: 'cert' }], options: { a: 'b' } },
  allowedRoutes: {
    kinds: [{ kind: 'HTTPRoute' }],
    namespaces: {
      from: 'Selector',
      selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
    },
  },
};
const validation = { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] };
const status = {
  conditions: [{ type: 'Accepted', status: 'True' }],
  parents: [{ parentRef: { name: 'gw' }, controllerName: 'x.test/y', conditions: [{ type: 'Accepted' }] }],
};
const matches = [
  {
    path: { type: 'Exact', value: '/a' },
    method: 'GET',
    headers: [{ name: 'h', value: 'v' }],
    queryParams: [{ name: 'q', value: 'v' }],
  },
];
const rest = {
  sessionPersistence: {
    sessionName: 's',
    absoluteTimeout: '1h',
    cookieConfig: { lifetimeType: 'Permanent' },
  },
};

/** One object of each kind of the Gateway API with nearly all fields that are read. */
export const wholeManifests: readonly object[] = [
  manifest(
    'GatewayClass',
    { controllerName: 'x.test/y', parametersRef: { group: '', kind: 'ConfigMap', name: 'c' } },
    { status },
  ),
  manifest(
    'Gateway',
    {
      gatewayClassName: 'fairlead',
      listeners: [listener],
      addresses: [{ type: 'IPAddress', value: '192.0.2.1' }],
      allowedListeners: { namespaces: { from: 'All' } },
      infrastructure: { parametersRef: { group: '', kind: 'ConfigMap', name: 'c' } },
      tls: {
        backend: { clientCertificateRef: { name: 'c' } },
        frontend: { default: { validation }, perPort: [{ port: 443, tls: { validation } }] },
      },
    },
    { status },
  ),
  manifest('ListenerSet', { parentRef: { name: 'gw' }, listeners: [listener] }, { status }),
  manifest(
    'HTTPRoute',
    {
      parentRefs,
      hostnames: ['a.test'],
      rules: [
        {
          name: 'r',
          matches,
          filters,
          backendRefs,
          timeouts: { request: '10s' },
          retry: { codes: [503], attempts: 2 },
          ...rest,
        },
      ],
    },
    { status },
  ),
  manifest(
    'GRPCRoute',
    {
      parentRefs,
      hostnames: ['a.test'],
      rules: [{ matches: [{ method: { service: 's', method: 'm' } }], filters, backendRefs, ...rest }],
    },
    { status },
  ),
  ...['TCPRoute', 'UDPRoute', 'TLSRoute'].map((kind) =>
    manifest(kind, { parentRefs, hostnames: ['a.test'], rules: [{ name: 'r', backendRefs }] }, { status }),
  ),
  manifest(
    'BackendTLSPolicy',
    {
      targetRefs: [{ group: '', kind: 'Service', name: 'web', sectionName: 'https' }],
      validation: {
        ...validation,
        hostname: 'a.test',
        subjectAltNames: [{ type: 'URI', uri: 'spiffe://a/b' }],
      },
    },
    { status },
  ),
];
