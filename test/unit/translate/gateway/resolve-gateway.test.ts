import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../src/model/problem.ts';
import { resolveGateway } from '../../../../src/translate/gateway/resolve-gateway.ts';
import type {
  Refusal,
  ResolvedListener,
  ResolvedParent,
} from '../../../../src/translate/gateway/resolved.ts';
import { certificates } from '../../../e2e/support/certificates.ts';
import { toObjects } from '../../../golden/support/golden-case.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

const settings = toTestSettings({
  fleets: [
    {
      name: 'public',
      addresses: ['203.0.113.7', 'edge.example.com'],
      gatewayClasses: ['fairlead', 'both'],
      listeners: { 80: 'web', 443: 'websecure', 8443: 'other' },
      entryPoints: { http: 'web', https: 'websecure', others: ['other'] },
      ports: { tcp: { range: '20000-20099' }, udp: { range: '20000-20099' } },
    },
    {
      name: 'internal',
      addresses: ['10.0.0.7'],
      gatewayClasses: ['both'],
      listeners: { 80: 'web', 443: 'websecure' },
      ports: { tcp: { range: '20000-20009' }, udp: { range: '20000-20009' } },
    },
  ],
});

const classes = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: both }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: unserved }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: foreign }
spec: { controllerName: example.com/gateway-controller }
`;

function toSecret(path: string, pair = certificates.bbsTestCom): string {
  const [namespace, name] = path.split('/');
  const stringData = { 'tls.crt': pair.cert, 'tls.key': pair.key };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name },
    type: 'kubernetes.io/tls',
    stringData,
  });
}

const listening = ['{ name: http, port: 80, protocol: HTTP }'];

/** A Gateway of namespace edge. */
function toGateway(listeners: readonly string[] = listening, rest = '', metadata = ''): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { namespace: edge, name: main${metadata} }
spec:
  gatewayClassName: fairlead
  listeners: [${listeners.join(', ')}]
${rest}`;
}

function toListenerSet(path: string, created: string, ...listeners: readonly string[]): string {
  const [namespace, name] = path.split('/');
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { namespace: ${namespace}, name: ${name}, creationTimestamp: '${created}-01-01T00:00:00Z' }
spec:
  parentRef: { namespace: edge, name: main }
  listeners: [${listeners.join(', ')}]
`;
}

/** The first Gateway of the documents, with its ListenerSets. */
function resolve(...documents: readonly string[]): readonly ResolvedParent[] {
  const problems: Problem[] = [];
  const objects = toObjects([classes, ...documents].join('\n---\n'), 'one', problems);
  expect(problems).toEqual([]);
  const gateway = objects.find((object) => object.kind === 'Gateway');
  if (gateway === undefined) throw new Error('no Gateway');
  return resolveGateway(toWorld(settings, objects), gateway);
}

function only(parents: readonly ResolvedParent[]): ResolvedParent {
  const [first] = parents;
  if (first === undefined) throw new Error('not ours');
  return first;
}

function listenersOf(...documents: readonly string[]): readonly ResolvedListener[] {
  return only(resolve(...documents)).listeners;
}

/** `name: Accepted=… ResolvedRefs=…`, for what is not as it should be. */
function toText({ listener, refusals }: ResolvedListener): string {
  const words = Object.entries(refusals).map(
    ([type, refusal]: [string, Refusal]) => `${type}=${refusal.reason}`,
  );
  return [`${listener.name}:`, ...words].join(' ');
}

const toGrant = (kind: string, name = ''): string => `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { namespace: certs, name: g }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: ${kind}, namespace: edge }]
  to: [{ group: '', kind: Secret${name && `, name: ${name}`} }]
`;

const toHttps = (refs: string): string =>
  toGateway([`{ name: a, port: 443, protocol: HTTPS, tls: { certificateRefs: [${refs}] } }`]);

const toAddressed = (addresses: string, className = 'both'): ResolvedParent =>
  only(resolve(toGateway(listening, `  addresses: [${addresses}]`).replace('fairlead', className)));

const toAuthority = (path: string, text = certificates.edgeClient.cert): string => {
  const [namespace, name] = path.split('/');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace, name },
    data: { 'ca.crt': text },
  });
};

const toFrontend = (general: string, perPort = ''): string =>
  `  tls: { frontend: { default: ${general}, perPort: [${perPort}] } }`;

const toRefs = (...refs: readonly string[]): string =>
  `{ validation: { caCertificateRefs: [${refs.join(', ')}] } }`;

function optionsOf(parents: readonly ResolvedListener[]): readonly unknown[] {
  return parents.map(({ bindings: [binding] }) => {
    const options = binding?.kind === 'http' ? binding.tls?.options : undefined;
    return options?.kind === 'own' ? options.value.clientAuth?.clientAuthType : options;
  });
}

const toSets = (namespace: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const many = Array.from(
      { length: 64 },
      (_each, at) =>
        `{ name: l${at}, port: 80, protocol: HTTP, hostname: h${index}-${at}.${namespace}.test }`,
    );
    return toListenerSet(`${namespace}/s${String(index).padStart(3, '0')}`, '2024', ...many);
  });

const toNames = (count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, at) => `{ name: n${at}, port: 80, protocol: HTTP, hostname: n${at}.${count}.test }`,
  );

describe('the class of a Gateway', () => {
  it.each(['foreign', 'absent'])('that is not ours makes nothing of it: %s', (name) => {
    expect(resolve(toGateway().replace('fairlead', name))).toEqual([]);
  });

  it('says which fleets serve it', () => {
    expect(only(resolve(toGateway())).fleets).toEqual(['public']);
    expect(only(resolve(toGateway().replace('fairlead', 'both'))).fleets).toEqual(['public', 'internal']);
  });

  it('that no fleet serves has it refused, and nothing of it is served', () => {
    const { refusal, fleets, listeners } = only(resolve(toGateway().replace('fairlead', 'unserved')));
    expect(refusal).toMatchObject({ reason: 'Invalid', field: 'spec.gatewayClassName' });
    expect(refusal?.message).toContain('unserved');
    expect(fleets).toEqual([]);
    expect(listeners.map(({ bindings }) => bindings)).toEqual([[]]);
  });
});

describe('the port of a listener', () => {
  const tls = 'tls: { mode: Passthrough }';

  it.each([
    ['HTTP', 80, { place: { entryPoint: 'web', isTls: false, shared: 'http' } }],
    ['HTTP', 8443, { place: { entryPoint: 'other', isTls: false } }],
    ['TLS', 443, { kind: 'sni', entryPoint: 'websecure' }],
    ['TLS', 8443, { kind: 'sni', entryPoint: 'other' }],
    ['TLS', 20_001, { kind: 'port', protocol: 'tcp', sni: true }],
    ['TCP', 20_001, { kind: 'port', protocol: 'tcp' }],
    ['UDP', 20_001, { kind: 'port', protocol: 'udp' }],
  ])('for %s on %s is served', (protocol, port, binding) => {
    const more = protocol === 'TLS' ? `, ${tls}` : '';
    const [listener] = listenersOf(toGateway([`{ name: a, port: ${port}, protocol: ${protocol}${more} }`]));
    expect(listener?.bindings).toMatchObject([{ fleet: 'public', ...binding }]);
    expect(listener?.refusals).toEqual({});
  });

  it.each([
    ['HTTP', 443, 'PortUnavailable'],
    ['HTTP', 20_001, 'PortUnavailable'],
    ['HTTP', 81, 'PortUnavailable'],
    ['TLS', 80, 'PortUnavailable'],
    ['TCP', 80, 'PortUnavailable'],
    ['TCP', 30_000, 'PortUnavailable'],
    ['UDP', 443, 'PortUnavailable'],
    ['example.com/odd', 80, 'UnsupportedProtocol'],
  ])('for %s on %s is refused', (protocol, port, reason) => {
    const more = protocol === 'TLS' ? `, ${tls}` : '';
    const [listener] = listenersOf(toGateway([`{ name: a, port: ${port}, protocol: ${protocol}${more} }`]));
    expect(listener?.bindings).toEqual([]);
    expect(listener?.refusals).toMatchObject({ accepted: { reason }, programmed: {} });
    expect(listener?.supportedKinds.length).toBe(
      reason === 'PortUnavailable' ? (protocol === 'HTTP' ? 2 : 1) : 0,
    );
  });

  it('is served where one of the fleets has it', () => {
    const both = toGateway([
      '{ name: a, port: 20050, protocol: TCP }',
      '{ name: b, port: 20050, protocol: UDP }',
    ]);
    const listeners = listenersOf(both.replace('fairlead', 'both'));
    expect(listeners.map(({ bindings }) => bindings.map(({ fleet }) => fleet))).toEqual([
      ['public'],
      ['public'],
    ]);
  });

  it('that is handed out means nothing, and only TCP, UDP and TLS have such', () => {
    const annotations = ", annotations: { fairlead.dev/allocate-port: 'db,web' }";
    const listeners = listenersOf(
      toGateway(
        [
          '{ name: db, port: 80, protocol: TCP }',
          '{ name: http, port: 80, protocol: HTTP }',
          '{ name: web, port: 1, protocol: HTTP }',
        ],
        '',
        annotations,
      ),
    );
    expect(listeners.map(toText)).toEqual([
      'db:',
      'http:',
      'web: accepted=PortUnavailable programmed=PortUnavailable',
    ]);
    expect(listeners[0]?.bindings).toEqual([{ fleet: 'public', kind: 'port', protocol: 'tcp' }]);
  });
});

describe('the kinds of routes that a listener takes', () => {
  it.each([
    ['[{ kind: HTTPRoute }]', 'HTTPRoute', 'a:'],
    ['[{ kind: HTTPRoute }, { kind: TCPRoute }]', 'HTTPRoute', 'a: resolvedRefs=InvalidRouteKinds'],
    ['[{ kind: TCPRoute }]', '', 'a: resolvedRefs=InvalidRouteKinds programmed=Invalid'],
    ['[{ group: example.com, kind: HTTPRoute }]', '', 'a: resolvedRefs=InvalidRouteKinds programmed=Invalid'],
    ['[]', 'HTTPRoute GRPCRoute', 'a:'],
  ])('are %s', (kinds, supported, text) => {
    const [listener] = listenersOf(
      toGateway([`{ name: a, port: 80, protocol: HTTP, allowedRoutes: { kinds: ${kinds} } }`]),
    );
    expect(listener?.supportedKinds.map(({ kind }) => kind).join(' ')).toBe(supported);
    expect(listener && toText(listener)).toBe(text);
  });
});

describe('the certificates of a listener', () => {
  const secret = toSecret('edge/own');
  const foreign = toSecret('certs/shared');
  const broken = `{ apiVersion: v1, kind: Secret, metadata: { namespace: edge, name: broken }, type: kubernetes.io/tls, stringData: { tls.crt: x, tls.key: y } }`;

  it.each([
    ['{ name: own }', [], 'a:'],
    ['{ name: absent }', [], 'a: resolvedRefs=InvalidCertificateRef programmed=Invalid'],
    ['{ name: broken }', [], 'a: resolvedRefs=InvalidCertificateRef programmed=Invalid'],
    ['{ name: own }, { name: broken }', [], 'a: resolvedRefs=InvalidCertificateRef'],
    ['{ group: example.com, name: own }', [], 'a: resolvedRefs=InvalidCertificateRef programmed=Invalid'],
    ['{ kind: ConfigMap, name: own }', [], 'a: resolvedRefs=InvalidCertificateRef programmed=Invalid'],
    ['{ namespace: certs, name: shared }', [], 'a: resolvedRefs=RefNotPermitted programmed=Invalid'],
    ['{ namespace: certs, name: absent }', [], 'a: resolvedRefs=RefNotPermitted programmed=Invalid'],
    ['{ namespace: certs, name: shared }', [toGrant('Gateway')], 'a:'],
    ['{ namespace: certs, name: shared }', [toGrant('Gateway', 'shared')], 'a:'],
    [
      '{ namespace: certs, name: shared }',
      [toGrant('Gateway', 'other')],
      'a: resolvedRefs=RefNotPermitted programmed=Invalid',
    ],
    [
      '{ namespace: certs, name: shared }',
      [toGrant('ListenerSet')],
      'a: resolvedRefs=RefNotPermitted programmed=Invalid',
    ],
  ])('are %s', (refs, grants, text) => {
    const [listener] = listenersOf(toHttps(refs), secret, foreign, broken, ...grants);
    expect(listener && toText(listener)).toBe(text);
    expect(listener?.bindings.length).toBe(text.includes('programmed') ? 0 : 1);
  });

  it('of a ListenerSet need a grant for ListenerSets', () => {
    const set = toListenerSet(
      'edge/more',
      '2024',
      '{ name: b, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ namespace: certs, name: shared }] } }',
    );
    const open = toGateway(listening, '  allowedListeners: { namespaces: { from: Same } }');
    const texts = ['Gateway', 'ListenerSet'].map((kind) =>
      resolve(open, set, foreign, toGrant(kind))[1]?.listeners.map(toText),
    );
    expect(texts).toEqual([['b: resolvedRefs=RefNotPermitted programmed=Invalid'], ['b:']]);
  });
});

describe('the addresses of a Gateway', () => {
  it.each([
    ["{ value: '203.0.113.7' }", ['public'], undefined],
    ["{ value: '10.0.0.7' }", ['internal'], undefined],
    ['{ type: Hostname, value: edge.example.com }', ['public'], undefined],
    ["{ value: '10.0.0.7' }, { value: '203.0.113.7' }", ['public', 'internal'], undefined],
    ["{ value: '203.0.113.7' }, { value: '192.0.2.1' }", ['public'], 'AddressNotUsable'],
    ["{ value: '192.0.2.1' }", [], 'AddressNotUsable'],
    ['{ type: IPAddress }', ['public', 'internal'], undefined],
    ['{ type: Hostname }', ['public'], undefined],
  ])('choose its fleets: %s', (addresses, fleets, reason) => {
    const parent = toAddressed(addresses);
    expect(parent.fleets).toEqual(fleets);
    expect(parent.programmed?.reason).toBe(reason);
    expect(parent.refusal).toBeUndefined();
    expect(parent.listeners[0]?.bindings.map(({ fleet }) => fleet)).toEqual(fleets);
  });

  it('of a type that nobody knows have it refused', () => {
    expect(toAddressed('{ type: example.com/odd, value: x }').refusal?.reason).toBe('UnsupportedAddress');
  });
});

describe('a ListenerSet', () => {
  const http = '{ name: b, port: 80, protocol: HTTP, hostname: b.test }';
  const open = toGateway(listening, '  allowedListeners: { namespaces: { from: All } }');

  it('is taken from the namespaces that the Gateway allows, by default from none', () => {
    const set = toListenerSet('shop/more', '2024', http);
    expect(resolve(toGateway(), set)[1]?.refusal?.reason).toBe('NotAllowed');
    expect(resolve(open, set)[1]?.refusal).toBeUndefined();
    expect(
      resolve(toGateway(listening, '  allowedListeners: { namespaces: { from: Same } }'), set)[1]?.refusal
        ?.reason,
    ).toBe('NotAllowed');
  });

  it('that is refused is not served, and is in nobody’s way', () => {
    const [, refused, own] = resolve(
      toGateway(listening, '  allowedListeners: { namespaces: { from: Same } }'),
      toListenerSet('shop/more', '2023', http),
      toListenerSet('edge/more', '2024', http),
    );
    expect(refused?.listeners).toEqual([]);
    expect(own?.listeners.map(toText)).toEqual(['b:']);
  });

  it('yields to the Gateway and to elder ones', () => {
    const parents = resolve(
      open,
      toListenerSet('x/young', '2025', http),
      toListenerSet('y/old', '2024', http),
    );
    expect(parents.map(({ holder, listeners }) => [holder.ref.name, ...listeners.map(toText)])).toEqual([
      ['main', 'http:'],
      ['old', 'b:'],
      ['young', 'b: conflicted=HostnameConflict programmed=HostnameConflict'],
    ]);
    expect(parents[0]?.listeners[0]?.nesting).toEqual({ narrower: ['b.test'] });
    expect(parents[1]?.listeners[0]?.nesting).toEqual({ narrower: [], isInside: true });
  });

  it('is refused with its Gateway, without a word of why that is', () => {
    const parametersRef =
      '  infrastructure: { parametersRef: { group: example.com, kind: Secret-Thing, name: x } }';
    const [gateway, set] = resolve(`${open}\n${parametersRef}`, toListenerSet('shop/more', '2024', http));
    expect(gateway?.refusal?.reason).toBe('InvalidParameters');
    expect(set?.refusal?.reason).toBe('ParentNotAccepted');
    expect(JSON.stringify(set)).not.toContain('Secret-Thing');
  });
});

describe('the client certificates of a Gateway', () => {
  const secret = toSecret('edge/own');
  const own = 'tls: { certificateRefs: [{ name: own }] }';
  const listeners = [
    '{ name: http, port: 80, protocol: HTTP }',
    `{ name: https, port: 443, protocol: HTTPS, ${own} }`,
    `{ name: other, port: 8443, protocol: HTTPS, ${own} }`,
  ];
  const ca = "{ group: '', kind: ConfigMap, name: ca }";

  it('are asked for over HTTPS, by port or else by default', () => {
    const insecure = `{ port: 8443, tls: { validation: { mode: AllowInsecureFallback, caCertificateRefs: [${ca}] } } }`;
    const found = resolve(
      toGateway(listeners, toFrontend(toRefs(ca), insecure)),
      secret,
      toAuthority('edge/ca'),
    );
    expect(optionsOf(only(found).listeners)).toEqual([
      undefined,
      'RequireAndVerifyClientCert',
      'RequestClientCert',
    ]);
    expect(only(found).hasInsecureFrontend).toBe(true);
    const open = resolve(
      toGateway(listeners, toFrontend(toRefs(ca), '{ port: 8443, tls: {} }')),
      secret,
      toAuthority('edge/ca'),
    );
    expect(optionsOf(only(open).listeners)).toEqual([undefined, 'RequireAndVerifyClientCert', undefined]);
    expect(only(open).hasInsecureFrontend).toBeUndefined();
  });

  it.each([
    [
      "{ group: '', kind: ConfigMap, name: absent }",
      'accepted=NoValidCACertificate resolvedRefs=InvalidCACertificateRef programmed=Invalid',
    ],
    [
      "{ group: '', kind: ConfigMap, name: broken }",
      'accepted=NoValidCACertificate resolvedRefs=InvalidCACertificateRef programmed=Invalid',
    ],
    [
      "{ group: '', kind: Service, name: ca }",
      'accepted=NoValidCACertificate resolvedRefs=InvalidCACertificateKind programmed=Invalid',
    ],
    [
      "{ group: '', kind: ConfigMap, namespace: certs, name: ca }",
      'accepted=NoValidCACertificate resolvedRefs=RefNotPermitted programmed=Invalid',
    ],
    [`${ca}, { group: '', kind: ConfigMap, name: absent }`, 'resolvedRefs=InvalidCACertificateRef'],
  ])('that cannot be verified shut the listeners that ask for them: %s', (refs, text) => {
    const gateway = toGateway(listeners, toFrontend(toRefs(refs)));
    const objects = [
      secret,
      toAuthority('edge/ca'),
      toAuthority('edge/broken', 'x'),
      toAuthority('certs/ca'),
    ];
    const [http, https, other] = listenersOf(gateway, ...objects);
    expect([http, https, other].map((each) => each && toText(each))).toEqual([
      'http:',
      `https: ${text}`,
      `other: ${text}`,
    ]);
    expect(https?.bindings.length).toBe(text.includes('programmed') ? 0 : 1);
  });

  it('hold for the ListenerSets too, with the grants of the Gateway', () => {
    const set = toListenerSet(
      'shop/more',
      '2024',
      '{ name: b, port: 443, protocol: HTTPS, hostname: b.test, tls: { certificateRefs: [{ name: shop }] } }',
    );
    const rest = `  allowedListeners: { namespaces: { from: All } }\n${toFrontend(toRefs(ca))}`;
    const [, found] = resolve(toGateway(listening, rest), set, toSecret('shop/shop'), toAuthority('edge/ca'));
    expect(optionsOf(found?.listeners ?? [])).toEqual(['RequireAndVerifyClientCert']);
  });
});

describe('the certificate that a Gateway shows to backends', () => {
  it.each([
    ['{ name: own }', undefined],
    ['{ name: absent }', 'InvalidClientCertificateRef'],
    ['{ kind: ConfigMap, name: own }', 'InvalidClientCertificateRef'],
    ['{ namespace: certs, name: own }', 'RefNotPermitted'],
  ])('is %s', (ref, reason) => {
    const rest = `  tls: { backend: { clientCertificateRef: ${ref} } }`;
    const parent = only(resolve(toGateway(listening, rest), toSecret('edge/own'), toSecret('certs/own')));
    expect(parent.resolvedRefs?.reason).toBe(reason);
    expect(parent.clientCertificate?.name).toBe(reason === undefined ? 'own' : undefined);
    expect(parent.listeners.map(toText)).toEqual(['http:']);
  });
});

describe('too many listeners', () => {
  const open = toGateway(listening, '  allowedListeners: { namespaces: { from: All } }');

  it('of one namespace do not stand, and take nothing from those of others', () => {
    const parents = resolve(
      open,
      ...toSets('evil', 10),
      toListenerSet('good/late', '2025', '{ name: a, port: 80, protocol: HTTP, hostname: good.test }'),
    );
    const standing = parents.map(
      ({ listeners }) => listeners.filter(({ bindings }) => bindings.length > 0).length,
    );
    expect(standing).toEqual([1, 64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 1]);
    expect(parents[10]?.refusal?.reason).toBe('TooManyListeners');
    const [, ...partly] = resolve(
      open,
      ...toSets('evil', 7),
      toListenerSet('evil/t', '2025', ...toNames(63)),
      toListenerSet('evil/u', '2026', ...toNames(3)),
    );
    expect(partly.at(-1)?.listeners.map(toText)).toEqual([
      'n0:',
      'n1: accepted=TooManyListeners programmed=Invalid',
      'n2: accepted=TooManyListeners programmed=Invalid',
    ]);
  });
});
