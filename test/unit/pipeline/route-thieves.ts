import * as fc from 'fast-check';
import { text } from '../../golden/support/hostile-world.ts';
import { api, hostname, name, named, namespace, orText, port } from './gateway-words.ts';
import { ownGateway } from './good-tenant.ts';

const parentRef = fc.oneof(
  { weight: 1, arbitrary: fc.constant(ownGateway) },
  {
    weight: 5,
    arbitrary: fc.constantFrom({ name: 'c', namespace: 'a' }, { name: 'web', namespace: 'b' }, { name: 'c' }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constantFrom('Gateway', 'Gateway', 'Gateway', 'ListenerSet', 'Service'),
        group: orText('gateway.networking.k8s.io'),
        name,
        namespace,
        sectionName: orText('http', 'https', 'tls', 'tcp', 'udp', undefined),
        port: fc.constantFrom(80, 443, 20_000, undefined, undefined),
      },
      { requiredKeys: ['name'] },
    ),
  },
);
const backendRef = fc.record(
  {
    name: orText('c', 'c', 'web', 'web', 'shop', 'api'),
    namespace,
    port: fc.constantFrom(80, 80, 80, 53, 53, 443, 0, 99_999),
    weight: fc.constantFrom(0, 1, 1, 1_000_000, -1, 2 ** 40),
    kind: orText('Service'),
  },
  { requiredKeys: ['name', 'port'] },
);
const header = fc.record({
  name: orText('X-A', 'Host', 'Transfer-Encoding', 'x-a', '__proto__'),
  value: orText('a', '', '{'),
});
const headers = fc.record({
  set: fc.array(header, { maxLength: 3 }),
  add: fc.array(header, { maxLength: 2 }),
  remove: fc.array(orText('X-A', 'Host', 'x-forwarded-for'), { maxLength: 2 }),
});
const pathChange = fc.oneof(
  fc.record({
    type: fc.constant('ReplaceFullPath'),
    replaceFullPath: orText('/', '/x', '/$1', '/a b'),
  }),
  fc.record({
    type: fc.constant('ReplacePrefixMatch'),
    replacePrefixMatch: orText('/', '/x/', '/${1}', ''),
  }),
);
const filter = fc.oneof(
  headers.map((requestHeaderModifier) => ({
    type: 'RequestHeaderModifier',
    requestHeaderModifier,
  })),
  headers.map((responseHeaderModifier) => ({
    type: 'ResponseHeaderModifier',
    responseHeaderModifier,
  })),
  fc
    .record(
      {
        scheme: orText('https', 'http'),
        hostname,
        port,
        statusCode: fc.constantFrom(301, 302, 303, 308, 200),
        path: pathChange,
      },
      { requiredKeys: [] },
    )
    .map((requestRedirect) => ({ type: 'RequestRedirect', requestRedirect })),
  fc
    .record({ hostname, path: pathChange }, { requiredKeys: [] })
    .map((urlRewrite) => ({ type: 'URLRewrite', urlRewrite })),
  fc
    .record(
      {
        backendRef,
        percent: fc.constantFrom(0, 50, 101),
        fraction: fc.constant({ numerator: 1, denominator: 0 }),
      },
      {
        requiredKeys: ['backendRef'],
      },
    )
    .map((requestMirror) => ({ type: 'RequestMirror', requestMirror })),
  fc
    .record(
      {
        allowOrigins: fc.array(orText('*', 'https://*.good.test', 'https://a.test'), { maxLength: 3 }),
        allowMethods: fc.array(orText('*', 'GET'), { maxLength: 2 }),
        allowHeaders: fc.array(orText('*', 'X-A'), { maxLength: 2 }),
        exposeHeaders: fc.array(orText('*', 'X-A'), { maxLength: 2 }),
        allowCredentials: fc.boolean(),
        maxAge: fc.constantFrom(0, 5, -1, 1e12),
      },
      { requiredKeys: [] },
    )
    .map((cors) => ({ type: 'CORS', cors })),
  fc.oneof(
    text.map((type) => ({ type })),
    fc.constant({
      type: 'ExtensionRef',
      extensionRef: { group: '', kind: 'Secret', name: 'shop-tls' },
    }),
  ),
);
const filters = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(filter, { maxLength: 3 }) },
);

const path = fc.record({
  type: orText('Exact', 'PathPrefix', 'RegularExpression'),
  value: orText('/', '/a', '/v1/', '/.*', '/(a|b)+', '(?!x)', `/${'p'.repeat(1_000)}`),
});
const textMatch = fc.record({
  type: orText('Exact', 'RegularExpression'),
  name: orText('X-A', 'host', 'a'),
  value: orText('x', '.*', '('),
});
const httpMatch = fc.record(
  {
    path,
    method: orText('GET', 'POST'),
    headers: fc.array(textMatch, { maxLength: 2 }),
    queryParams: fc.array(textMatch, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const grpcMatch = fc.record(
  {
    method: fc.record({
      type: orText('Exact', 'RegularExpression'),
      service: orText('a.B', '.*'),
      method: orText('C', '('),
    }),
    headers: fc.array(textMatch, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const duration = orText('0s', '10s', '1h', '99999h', '1ms');
const toRule = (match: fc.Arbitrary<object>) =>
  fc.record(
    {
      name: orText('one'),
      matches: fc.array(match, { maxLength: 3 }),
      filters,
      backendRefs: fc.array(
        fc.tuple(backendRef, filters).map(([ref, some]) => ({ ...ref, filters: some })),
        { maxLength: 3 },
      ),
      timeouts: fc.record({ request: duration, backendRequest: duration }, { requiredKeys: [] }),
      retry: fc.record(
        {
          attempts: fc.constantFrom(0, 3, 1e9),
          backoff: duration,
          codes: fc.constant([500, 999, -1]),
        },
        {
          requiredKeys: [],
        },
      ),
      sessionPersistence: fc.record(
        {
          sessionName: orText('s'),
          type: orText('Cookie', 'Header'),
          absoluteTimeout: duration,
          cookieConfig: fc.constant({ lifetimeType: 'Permanent' }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
const versions: Readonly<Record<string, string>> = {
  TCPRoute: 'gateway.networking.k8s.io/v1alpha2',
  UDPRoute: 'gateway.networking.k8s.io/v1alpha2',
};
const toRoute = (kind: string, rule: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.record({
    apiVersion: fc.constant(versions[kind] ?? api),
    kind: fc.constant(kind),
    metadata: named,
    spec: fc.record(
      {
        parentRefs: fc.array(parentRef, { minLength: 1, maxLength: 3 }),
        hostnames: fc
          .array(hostname, { maxLength: 3 })
          .map((all) => all.filter((each) => each !== undefined)),
        rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['parentRefs', 'rules'] },
    ),
  });
const portRule = fc.record({
  backendRefs: fc.array(backendRef, { maxLength: 3 }),
});

/** Routes of tenants who mean ill. */
export const routeTheft: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: toRoute('HTTPRoute', toRule(httpMatch)) },
  { weight: 2, arbitrary: toRoute('GRPCRoute', toRule(grpcMatch)) },
  { weight: 2, arbitrary: toRoute('TLSRoute', portRule) },
  { weight: 1, arbitrary: toRoute('TCPRoute', portRule) },
  { weight: 1, arbitrary: toRoute('UDPRoute', portRule) },
);
