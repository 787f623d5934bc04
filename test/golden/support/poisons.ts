import { features } from '../../../src/annotations/index.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import { toSets } from './replay.ts';

// After every namespace of the cases: without a time of creation it is the youngest, and last by name.
const namespace = 'zz-poison';

/** Texts that mean something to a parser somewhere on the way. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  ',',
  'true',
  '0',
  '-1',
  '99999999999999999999',
  '1e309',
  '"',
  '`',
  '\\',
  "') || PathPrefix('/",
  '`) || PathPrefix(`/',
  '") || PathPrefix("/',
  '{{ env "HOME" }}',
  'a@internal',
  'api@internal',
  'dashboard@internal',
  'a║b',
  'a\nb: c',
  '\u0000\u0007\u007f\u0085\u2028',
  '\ud800',
  '\ufeff\ufffe',
  '😀',
  'ключ',
  '../../etc/passwd',
  '/../x',
  '//',
  '%',
  '%zz',
  '*',
  '*.*',
  '*.example.com',
  '[::1]',
  '127.0.0.1=5',
  '0.0.0.0/0',
  '10.0.0.0/99',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  'a,'.repeat(500),
];

const declared = features.flatMap((feature) => [
  ...Object.values(feature.annotations).map(({ key }) => key),
  ...Object.values(feature.portAnnotations).map(({ key }) => `${key}80`),
]);
const foreign = [
  'nginx.ingress.kubernetes.io/auth-url',
  'nginx.ingress.kubernetes.io/server-snippet',
  'traefik.ingress.kubernetes.io/router.middlewares',
  'traefik.ingress.kubernetes.io/router.priority',
  'fairlead.dev/no-such-thing',
  '__proto__',
];

/** All annotations that there are, each with the text. */
function annotate(text: string): Record<string, string> {
  return Object.fromEntries([...declared, ...foreign].map((key) => [key, text]));
}

const ports = [
  { name: 'http', port: 80, protocol: 'TCP' },
  { name: 'dns', port: 80, protocol: 'UDP' },
];
const className = (settings: Settings): string => settings.fleets[0]?.ingressClasses[0] ?? 'fairlead';

/** What somebody else might do, step by step, in a namespace of his own and later than all others: changes with a name. */
export function toPoisons(
  settings: Settings,
  others: readonly SourceObject[],
): readonly (readonly [string, readonly Change[]])[] {
  const source = settings.sources[0]?.name ?? '';
  const read = (...objects: readonly object[]): readonly Change[] =>
    toSets(objects.flatMap((object) => toSourceObjects(object, source, () => undefined)));
  const service = (name: string, annotations: object, spec: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations },
    spec: { selector: { app: name }, ports, ...spec },
  });
  const ingress = (name: string, annotations: object, spec: object): object => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations },
    spec: { ingressClassName: className(settings), ...spec },
  });
  const backend = { service: { name: 'thief', port: { number: 80 } } };
  const everyHost = [...new Set(listHosts(others)), undefined].map((host) => ({
    host,
    http: {
      paths: ['/', '/api', '/a'].flatMap((path) =>
        ['Prefix', 'Exact'].map((pathType) => ({ path, pathType, backend })),
      ),
    },
  }));
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'thief-1', namespace, labels: { 'kubernetes.io/service-name': 'thief' } },
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses: ['10.66.6.6', '127.0.0.1', '169.254.169.254', 'fe80::1%lo', '\ud800'] }],
  };
  return [
    [
      'every host claimed',
      read(
        service('thief', {}),
        slice,
        ingress('thief', {}, { rules: everyHost, defaultBackend: backend, tls: [{ secretName: 'thief' }] }),
      ),
    ],
    [
      'every host claimed by a Service, and every port',
      read(
        service('thief', {
          'fairlead.dev/expose': 'true',
          'fairlead.dev/request-port.80': '20000',
          'fairlead.dev/host': listHosts(others).join(','),
          'fairlead.dev/fleet': settings.fleets.map((fleet) => fleet.name).join(','),
        }),
      ),
    ],
    [
      'every host claimed by SNI, and every wildcard around one',
      read(
        service('sni-thief', {
          'fairlead.dev/sni': [...new Set(listHosts(others).flatMap((host) => [host, toWildcard(host)]))]
            .map((host) => `80=${host}`)
            .join(','),
          'fairlead.dev/tls': 'true',
          'fairlead.dev/fleet': settings.fleets.map((fleet) => fleet.name).join(','),
        }),
      ),
    ],
    [
      'a Secret that is none',
      read({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'thief', namespace },
        stringData: { 'tls.crt': '/etc/passwd', 'tls.key': '/etc/shadow' },
      }),
    ],
    [
      'hostile texts everywhere',
      hostileTexts.flatMap((text, index) =>
        read(
          service(`hostile-${index}`, annotate(text)),
          ingress(`hostile-${index}`, annotate(text), {
            ingressClassName: index % 7 === 0 ? text : className(settings),
            rules: [
              { host: text, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
              { host: 'poison.example.org', http: { paths: [{ path: text, pathType: 'Exact', backend }] } },
            ],
            tls: [{ hosts: [text], secretName: text }],
          }),
        ),
      ),
    ],
  ];
}

function toWildcard(host: string): string {
  return `*${host.slice(Math.max(0, host.indexOf('.')))}`;
}

function listHosts(objects: readonly SourceObject[]): readonly string[] {
  return objects.flatMap((object) =>
    object.kind === 'Ingress'
      ? object.rules.flatMap((rule) => rule.host ?? [])
      : (object.meta.annotations['fairlead.dev/host']?.split(',') ?? []),
  );
}
