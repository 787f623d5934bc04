import type { Probe } from './probe.ts';

type Place = Pick<Probe, 'host' | 'path'>;
type Annotations = Readonly<Record<string, string>>;

const nginx = 'nginx.ingress.kubernetes.io/';
const post = { method: 'POST', bodyBytes: 100 } as const;
const credentials = (text: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

/** What is asked where an annotation begins like this. */
const byPrefix: Readonly<Record<string, (at: Place, annotations: Annotations) => readonly Probe[]>> = {
  'auth-type': (at) => [
    { ...at, headers: credentials('user:password') },
    { ...at, headers: credentials('user:wrong') },
  ],
  'auth-url': (at, all) => toAuthProbes(at, all[`${nginx}auth-url`] ?? ''),
  'auth-tls': (at) =>
    (['edge-client', 'unrelated'] as const).map((certificate) => ({
      ...at,
      entrance: 'websecure',
      certificate,
    })),
  canary: (at, all) => toCanaryProbes(at, all),
  'enable-cors': (at) => [
    { ...at, headers: { origin: 'https://other.example' } },
    {
      ...at,
      method: 'OPTIONS',
      headers: { origin: 'https://other.example', 'access-control-request-method': 'PUT' },
    },
  ],
  affinity: (at) => [{ ...at, keepCookies: true, times: 6 }],
  'custom-http-errors': (at) => toErrorProbes(at, [404, 415, 500, 503]),
  'proxy-next-upstream': (at) => [
    ...toErrorProbes(at, [400, 500, 502, 503]),
    { ...at, ...post, echo: [{ status: 400, first: 1 }] },
    { ...at, ...post, echo: [{ status: 502, first: 1 }] },
  ],
  'proxy-body-size': (at) =>
    [10, 6_000_000, 11_000_000].map((bodyBytes) => ({ ...at, method: 'POST', bodyBytes, times: 1 })),
  'client-body-buffer-size': (at) => [{ ...at, method: 'POST', bodyBytes: 20_000 }],
  'limit-rps': (at) => [{ ...at, times: 150, together: true }],
  'limit-rpm': (at) => [{ ...at, times: 150, together: true }],
  'limit-connections': (at) => [{ ...at, times: 30, together: true, echo: [{ delayMs: 500 }] }],
  'whitelist-source-range': (at) => toAddressProbes(at),
  'allowlist-source-range': (at) => toAddressProbes(at),
  'permanent-redirect': (at) => [{ ...at, ...post }],
  'temporal-redirect': (at) => [{ ...at, ...post }],
  'ssl-redirect': (at) => [{ ...at, ...post }],
  'force-ssl-redirect': (at) => [{ ...at, ...post }],
};

/** The probes for what the annotations of an Ingress are about, at one of its places. */
export function listFeatureProbes(annotations: Annotations, at: Place): readonly Probe[] {
  const names = Object.keys(annotations).flatMap((key) =>
    key.startsWith(nginx) ? key.slice(nginx.length) : [],
  );
  const prefixes = Object.entries(byPrefix).filter(([prefix]) =>
    names.some((name) => name.startsWith(prefix)),
  );
  return prefixes.flatMap(([, make]) => make(at, annotations));
}

function toAuthProbes(at: Place, url: string): readonly Probe[] {
  const path = `^${URL.parse(url)?.pathname ?? '/'}(\\?|$)`;
  return [401, 403, 500].map((status) => ({
    ...at,
    echo: [{ path, status, headers: { 'x-foo': 'from-auth' } }],
  }));
}

function toCanaryProbes(at: Place, all: Annotations): readonly Probe[] {
  const header = all[`${nginx}canary-by-header`];
  const cookie = all[`${nginx}canary-by-cookie`];
  const values = ['always', 'never', 'bar', 'bars', 'other'];
  return [
    { ...at, times: 60 },
    ...(header === undefined
      ? []
      : values.map((value) => ({ ...at, headers: { [header]: value }, times: 8 }))),
    ...(cookie === undefined
      ? []
      : values.slice(0, 2).map((value) => ({ ...at, headers: { cookie: `${cookie}=${value}` }, times: 8 }))),
  ];
}

function toErrorProbes(at: Place, statuses: readonly number[]): readonly Probe[] {
  return statuses.map((status) => ({ ...at, echo: [{ status, first: 1 }], times: 1 }));
}

function toAddressProbes(at: Place): readonly Probe[] {
  return ['192.168.20.1', '192.168.1.7', '10.1.2.3', '203.0.113.9'].map((from) => ({ ...at, from }));
}
