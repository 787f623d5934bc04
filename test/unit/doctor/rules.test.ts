import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/doctor/facts.ts';
import { toFileFacts } from '../../../src/doctor/gather/read-traefik-facts.ts';
import { diagnose, rules } from '../../../src/doctor/rules.ts';
import { toProblem } from '../../../src/model/problem.ts';
import type { RouteRow } from '../../../src/model/published.ts';
import { toFacts, toRange, toSettings, toTraefik } from './world.ts';

const root = join(import.meta.dirname, '../../..');
const settings = toSettings();

function toRoute(object: string, entryPoint: string): RouteRow {
  return {
    fleet: 'default',
    protocol: 'tcp',
    router: 'shop_db',
    rule: '',
    entryPoints: [entryPoint],
    service: 's',
    servers: [],
    middlewares: [],
    tls: false,
    object,
    source: 'prod',
  };
}

const subject = { source: 'prod', kind: 'Secret', namespace: 'shop', name: 'web-tls' };
const ingress = {
  object: 'Ingress/shop/web',
  className: 'fairlead',
  annotatedClass: null,
  addresses: [],
  fleets: ['default'],
};
const withTraefik = (...args: Parameters<typeof toTraefik>): Facts =>
  toFacts(args[0], { traefiks: [toTraefik(...args)] });

/** A set-up for each code in which that is what is wrong, and nothing else; and what is to be said of it. */
const cases: Readonly<Record<string, readonly [Facts, RegExp][]>> = {
  'answer-not-applied': [
    [withTraefik(settings, { revision: null }), /it has none at all/],
    [
      withTraefik(settings, { revision: 'fedcba9876543210' }),
      /gives now \(01234567\), it has an older one \(fedcba98\)/,
    ],
  ],
  'certificate-expiring': [
    [
      toFacts(settings, {
        problems: [
          toProblem('certificate-expiring', subject, { message: 'It expires soon', hint: 'Renew it.' }),
        ],
      }),
      /It expires soon/,
    ],
  ],
  'clock-skew': [
    [withTraefik(settings, { clockAheadMs: 60_000 }), /60 s ahead of/],
    [
      toFacts(settings, {
        clusters: [{ source: 'prod', error: null, clockAheadMs: -3_600_000, lacking: [], leases: [] }],
      }),
      /3600 s behind/,
    ],
  ],
  'cluster-unreachable': [
    [
      toFacts(settings, {
        clusters: [{ source: 'prod', error: 'no answer', clockAheadMs: null, lacking: [], leases: [] }],
      }),
      /cannot be asked: no answer/,
    ],
  ],
  'entry-point-address': [
    [
      withTraefik(settings, {}, (text) => text.replace(':20003/tcp', ':30003/tcp')),
      /tcp-20003 at :30003\/tcp/,
    ],
    [
      withTraefik(settings, {}, (text) => text.replace(':20003/udp', ':20003/tcp')),
      /udp-20003 at :20003\/tcp/,
    ],
    [
      toFacts(settings, {
        traefiks: [
          toTraefik(settings),
          toTraefik(settings, { name: 'two' }, (text) =>
            text
              .replace('":80"', '"10.0.0.1:8000"')
              .replace("':80'", "'10.0.0.1:8000'")
              .replace(/address: :80$/m, 'address: 10.0.0.1:8000'),
          ),
        ],
      }),
      /web at 10\.0\.0\.1:8000 and not :80\/tcp/,
    ],
  ],
  'entry-point-missing': [
    [
      toFacts(settings, {
        traefiks: [
          toTraefik(settings, {}, (text) => text.replaceAll(/^ {2}tcp-2000[0-6]:\n(?: {4}.*\n)+/gm, '')),
        ],
        routes: Array.from({ length: 8 }, (_, index) =>
          toRoute(`Service/shop/db-${index}`, `tcp-2000${index}`),
        ),
      }),
      /tcp-20000, tcp-20001, tcp-20002, tcp-20003, tcp-20004 and 2 more: 7 objects suffer \(Service\/shop\/db-0, .* and 2 more\)/,
    ],
  ],
  'entry-point-not-default': [
    [
      withTraefik(settings, {}, (text) => text.replaceAll('    asDefault: true\n', '')),
      /No entryPoint is marked asDefault/,
    ],
    [withTraefik(settings, {}, (text) => text.replace('    asDefault: true\n', '')), /web are not marked/],
    [
      withTraefik(settings, {}, (text) =>
        text.replace('  tcp-20000:\n', '  tcp-20000:\n    asDefault: true\n'),
      ),
      /Pool ports are marked asDefault \(tcp-20000\)/,
    ],
  ],
  'hold-too-long': [
    [
      withTraefik(toSettings({ provider: { hold: '10s' } }), {}, (text) =>
        text.replace('pollTimeout: 11s', 'pollTimeout: 5s'),
      ),
      /waits 5 s for an answer, and Fairlead holds questions for 10 s/,
    ],
  ],
  'ingress-claimed-twice': [
    [
      toFacts(settings, { ingresses: [{ ...ingress, annotatedClass: 'nginx' }] }),
      /different classes \(fairlead and nginx\)/,
    ],
    [
      toFacts(toSettings({ fleets: [{ addresses: ['edge.example.com'] }] }), {
        ingresses: [{ ...ingress, addresses: ['edge.example.com', '10.0.0.9'] }],
      }),
      /addresses that are none of their fleet/,
    ],
  ],
  'ledger-shared': [
    [
      toFacts(settings, {
        clusters: [
          {
            source: 'prod',
            error: null,
            clockAheadMs: 0,
            lacking: [],
            leases: ['a/one', 'b/two'].map((lease) => ({ lease, ledger: 'a/ports' })),
          },
        ],
      }),
      /Leases a\/one and b\/two write the same ledger/,
    ],
  ],
  'poll-interval': [
    [
      withTraefik(settings, {}, (text) => text.replace('pollInterval: 200ms', 'pollInterval: 5s')),
      /asks every 5 s/,
    ],
  ],
  'pool-ephemeral': [
    [
      toFacts(settings, {
        host: { ephemeral: toRange(20_050, 30_000), reserved: [toRange(20_050, 20_060)], listeners: [] },
      }),
      /20000-20099 overlap 20050-30000/,
    ],
  ],
  'pool-own-ports': [
    [
      toFacts(toSettings({ fleets: [{ ports: { tcp: { range: '400-499' }, requestable: null } }] }), {
        traefiks: [],
      }),
      /contains 443, where the entryPoints of Traefik/,
    ],
    [
      toFacts(toSettings({ fleets: [{ ports: { tcp: { range: '9000-9099' }, requestable: null } }] }), {
        traefiks: [],
      }),
      /contains 9080, 9081, where Fairlead listens/,
    ],
    [
      withTraefik(settings, {}, (text) =>
        text.replace('entryPoints:\n', "entryPoints:\n  metrics:\n    address: ':20005'\n"),
      ),
      /Other entryPoints have ports of the pool: metrics at 20005\/tcp/,
    ],
  ],
  'port-taken': [
    [
      toFacts(settings, {
        host: {
          ephemeral: null,
          reserved: [],
          listeners: [{ protocol: 'udp', port: 20_007, program: 'named' }],
        },
      }),
      /20007\/udp \(named\)/,
    ],
  ],
  'provider-missing': [
    [withTraefik(settings, { provider: 'absent', throttleMs: 2_000 }), /no HTTP provider/],
  ],
  'provider-token': [
    [
      withTraefik(toSettings({ provider: { tokens: ['right'.repeat(8)] } }), {}, (text) =>
        text.replace('Bearer ${FAIRLEAD_TOKEN}', 'Bearer wrong'),
      ),
      /none of provider\.tokens/,
    ],
    [
      withTraefik(toSettings({ provider: { tokens: ['right'.repeat(8)] } }), {}, (text) =>
        text.replace('Authorization', 'X-Other'),
      ),
      /sends no token/,
    ],
  ],
  'provider-url': [
    [
      withTraefik(settings, {}, (text) => text.replace('/traefik/default', '/')),
      /fleet default is answered at \/traefik\/default/,
    ],
    [
      withTraefik(settings, {}, (text) => text.replace('127.0.0.1:9080', '127.0.0.1:9081')),
      /Fairlead listens on port 9080/,
    ],
    [withTraefik(settings, {}, (text) => text.replace('http://127', 'https://127')), /does not speak TLS/],
  ],
  'ready-too-early': [
    [
      withTraefik(toSettings({ fleets: [{ entryPoints: { ready: null } }] })),
      /has no entryPoint for \/ready/,
    ],
    [withTraefik(settings, { readinessPath: '/ping' }), /readiness probe asks \/ping/],
  ],
  'right-missing': [
    [
      toFacts(settings, {
        clusters: [
          {
            source: 'prod',
            error: null,
            clockAheadMs: 0,
            leases: [],
            lacking: [
              {
                verb: 'patch',
                group: 'networking.k8s.io',
                resource: 'ingresses/status',
                namespace: null,
                for: 'Ingresses get no address',
              },
            ],
          },
        ],
      }),
      /lacks patch on ingresses\.networking\.k8s\.io\/status: Ingresses get no address/,
    ],
  ],
  'router-disabled': [
    [
      toFacts(settings, {
        traefiks: [
          toTraefik(settings, {
            faults: [
              {
                protocol: 'tcp',
                router: 'shop_db',
                status: 'disabled',
                entryPoints: ['tcp-20000'],
                errors: ['it says why'],
              },
            ],
          }),
        ],
        routes: [toRoute('Service/shop/db', 'tcp-20000')],
      }),
      /refuses the tcp router shop_db of Service\/shop\/db: it says why/,
    ],
  ],
  'server-unreachable': [
    [
      toFacts(settings, {
        server: {
          url: 'http://f:1',
          error: 'it cannot be reached',
          clockAheadMs: null,
          revisions: new Map(),
        },
      }),
      /No Fairlead answers there/,
    ],
  ],
  throttle: [
    [
      withTraefik(settings, {}, (text) => text.replace('providersThrottleDuration: 100ms', '')),
      /waits 2 s between two changes/,
    ],
  ],
  'traefik-too-old': [
    [withTraefik(settings, { version: '3.5.1' }), /version 3\.5\.1, and fleet default is for 3\.7/],
    [withTraefik(settings, { version: '2.11.0' }), /version 2\.11\.0/],
    [
      toFacts(settings, {
        problems: [
          toProblem('traefik-too-old', subject, { message: 'It has no such field', hint: 'Update.' }),
        ],
      }),
      /It has no such field/,
    ],
  ],
  'traefik-unreachable': [
    [
      withTraefik(settings, {
        error: 'no answer within 3000 ms',
        entryPoints: null,
        provider: null,
        revision: null,
        throttleMs: null,
      }),
      /gives no answer: no answer within 3000 ms/,
    ],
  ],
};

describe('a finding', () => {
  it('each is provoked here', () => {
    expect(Object.keys(cases).toSorted()).toEqual(rules.map(({ code }) => code));
  });

  const all = Object.entries(cases).flatMap(([code, list]) =>
    list.map(([facts, says]) => ({ code, facts, says })),
  );
  it.each(all)('$code says $says, and nothing else is found', ({ code, facts, says }) => {
    const findings = diagnose(facts);
    expect(findings.map((each) => each.code)).toEqual([code]);
    expect(findings[0]?.message).toMatch(says);
    expect(findings[0]?.mend.length).toBeGreaterThan(5);
    expect(`${findings[0]?.message}${findings[0]?.mend}`).not.toContain('right'.repeat(8));
  });

  it('names few of many, and stays short', () => {
    const routes = Array.from({ length: 5_000 }, (_, index) =>
      toRoute(`Service/shop/${'x'.repeat(200)}-${index}`, 'web'),
    );
    const [finding, ...others] = diagnose(
      toFacts(settings, { traefiks: [toTraefik(settings, { entryPoints: [] })], routes }),
    ).filter(({ code }) => code === 'entry-point-missing');
    expect(others).toEqual([]);
    expect(finding?.message).toContain('5,000 objects suffer');
    expect(finding?.message.length).toBeLessThan(1_000);
  });
});

describe('a sound set-up', () => {
  it('has no finding', () => {
    expect(diagnose(toFacts())).toEqual([]);
  });

  it('has none without any Traefik, cluster or server to look at', () => {
    expect(diagnose(toFacts(settings, { traefiks: [], clusters: [], server: null }))).toEqual([]);
  });

  it('may reserve the ports of a pool that the ephemeral ports overlap', () => {
    const host = { ephemeral: toRange(20_050, 30_000), reserved: [toRange(20_000, 20_099)], listeners: [] };
    expect(diagnose(toFacts(settings, { host }))).toEqual([]);
  });

  it.each([
    'traefik/traefik.yml',
    'traefik/traefik.args',
    'traefik/daemonset.yaml',
    'traefik/helm-values.yaml',
    'manifests/traefik/daemonset.yaml',
  ])('is what %s makes', (name) => {
    const read = toFileFacts(name, readFileSync(join(root, name), 'utf8'));
    const [fleet] = settings.fleets;
    expect(read.entryPoints?.length).toBeGreaterThan(100);
    expect(read.provider).toMatchObject({ pollIntervalMs: 200 });
    const traefiks = fleet === undefined ? [] : [{ ...read, fleet, bank: 0, isFile: true }];
    expect(diagnose(toFacts(settings, { traefiks }))).toEqual([]);
  });

  it('says so of a file that is none', () => {
    expect(toFileFacts('x', 'kind: Service').error).toBe('it is no static configuration of Traefik');
    expect(toFileFacts('x', 'a: [').error).not.toBeNull();
  });
});

it('every rule is a file, and each file is in the list', () => {
  const files = readdirSync(join(root, 'src/doctor/findings')).map((name) => name.replace('.ts', ''));
  expect(files.toSorted()).toEqual(rules.map(({ code }) => code));
});
