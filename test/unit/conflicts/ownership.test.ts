import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../../src/conflicts/settle.ts';
import type { OwnerSettings } from '../../../src/conflicts/owner-rules.ts';
import { toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import {
  toEmptyTranslation,
  type CertificateIntent,
  type DefaultCertificate,
  type HttpRoute,
  type Intent,
  type Translation,
} from '../../../src/routes/intent.ts';
import { anyHost, toHostMatch, type HostMatch } from '../../../src/routes/match.ts';
import { httpRoute } from '../render/intents.ts';

const shared: OwnerSettings = { hostOwnership: 'shared', owners: [] };
const byNamespace: OwnerSettings = { ...shared, hostOwnership: 'namespace' };
const byList: OwnerSettings = {
  hostOwnership: 'namespace',
  owners: [
    { hosts: ['*.x.test'], namespaces: ['m'] },
    { hosts: ['a.x.test'], namespaces: ['n', 'm'] },
  ],
};

const validity = { notBefore: 0, notAfter: 1 };

/** An object of a namespace; the year is when it was made. */
function toOwner(namespace: string, year: number, name = 'web'): Aged {
  const ref = { source: 's', kind: 'Ingress', namespace, name } as const;
  return { ref, created: `${year}-01-01T00:00:00Z` };
}

function toHost(text: string): HostMatch {
  if (text === '') return anyHost;
  return text.startsWith('**.')
    ? { kind: 'wildcard', suffix: text.slice(3), labels: 'many' }
    : toHostMatch(text);
}

function toRoute(owner: Aged, host: string, path = '/', isSecured = false): HttpRoute {
  return httpRoute({
    owner,
    host: toHost(host),
    path: { type: 'Prefix', value: path },
    ...(isSecured && { tls: {} }),
  });
}

function toCertificate(owner: Aged, names: readonly string[]): CertificateIntent {
  const { ref } = owner;
  return {
    kind: 'certificate',
    owner,
    why: { field: 'spec.tls[0].secretName', uses: [] },
    fleet: 'default',
    secret: { ...ref, kind: 'Secret', name: names.join(',') },
    names: [...names].sort(),
    validity,
    certFile: `${ref.namespace} ${names.join(',')}`,
    keyFile: '',
  };
}

function toTranslation(owner: Aged, intents: readonly Intent[]): Translation {
  return { ...toEmptyTranslation(toObjectKey(owner.ref)), fleets: ['default'], intents };
}

const owners = ['m', 'n', 'o'].flatMap((namespace) =>
  [2024, 2025].map((year) => toOwner(namespace, namespace === 'n' ? year - 1 : year, `made-${year}`)),
);
const hosts = ['a.x.test', 'b.x.test', '*.x.test', '**.test', 'c.y.test', ''];
const names = ['a.x.test', 'b.x.test', '*.x.test', 'c.y.test', '10.0.0.1'];

const step = fc.constantFrom(...owners).chain((owner) =>
  fc
    .record({
      routes: fc.array(fc.tuple(fc.constantFrom(...hosts), fc.constantFrom('/', '/p'), fc.boolean()), {
        maxLength: 3,
      }),
      certificates: fc.array(fc.subarray(names, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
    })
    .map(({ routes, certificates }) =>
      toTranslation(owner, [
        ...routes.map(([host, path, isSecured]) => toRoute(owner, host, path, isSecured)),
        ...certificates.map((each) => toCertificate(owner, each)),
      ]),
    ),
);
const standard: DefaultCertificate = {
  ...toCertificate(toOwner('edge', 2020), ['*.x.test']),
  kind: 'default-certificate',
};
const standardStep = fc
  .constantFrom([standard], [])
  .map((intents) => toTranslation(toOwner('edge', 2020, 'fleet'), intents));
const steps = fc.array(fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: standardStep }), {
  maxLength: 25,
});

function settleAll(claims: Claims, all: Iterable<Translation>): ReadonlyMap<string, string> {
  return new Map(
    [...all].map((each) => {
      const { intents, problems } = claims.settle(each);
      return [each.unit, JSON.stringify([intents, problems])];
    }),
  );
}

describe.each([
  ['shared', shared],
  ['by namespace', byNamespace],
  ['by a list', byList],
])('hosts and certificates %s', (_, settings) => {
  it('come to the same whatever the order of changes, and nobody is forgotten', () => {
    fc.assert(
      fc.property(steps, (translations) => {
        const claims = new Claims(settings);
        const now = new Map<string, Translation>();
        for (const translation of translations) {
          const before = settleAll(claims, now.values());
          const touched = claims.replace(translation);
          now.set(translation.unit, translation);
          const after = settleAll(claims, now.values());
          for (const [unit, text] of before) {
            if (unit !== translation.unit && text !== after.get(unit)) expect([...touched]).toContain(unit);
          }
        }
        const fresh = new Claims(settings);
        for (const each of [...now.values()].toReversed()) fresh.replace(each);
        expect(settleAll(claims, now.values())).toEqual(settleAll(fresh, now.values()));
      }),
      { numRuns: 150 },
    );
  });
});

/** The messages about an object once all are there. */
function tell(
  settings: OwnerSettings,
  objects: readonly (readonly [Aged, readonly Intent[]])[],
  about: Aged,
): readonly string[] {
  const claims = new Claims(settings);
  const all = objects.map(([owner, intents]) => toTranslation(owner, intents));
  for (const each of all) claims.replace(each);
  const own = all.find(({ unit }) => unit === toObjectKey(about.ref));
  return claims
    .settle(own ?? toEmptyTranslation(toObjectKey(about.ref)))
    .problems.map(({ code, message }) => `${code}: ${message}`);
}

describe('The certificate of an elder', () => {
  const elder = toOwner('m', 2024);
  const younger = toOwner('n', 2025);
  const wildcard = [toRoute(elder, 'a.x.test'), toCertificate(elder, ['*.x.test', 'x.test'])];

  it('with a wildcard stays though newcomers route hosts below it', () => {
    expect(
      tell(
        shared,
        [
          [elder, wildcard],
          [younger, [toRoute(younger, 'b.x.test')]],
        ],
        elder,
      ),
    ).toEqual([]);
    expect(
      tell(
        shared,
        [
          [elder, [toRoute(elder, 'a.x.test')]],
          [younger, wildcardOf(younger)],
        ],
        younger,
      ),
    ).toEqual([
      'certificate-conflict: The certificate names *.x.test, below which namespace m was the first to route a host',
    ]);
  });

  it('that names hosts of others exactly does not stand, whoever was there first', () => {
    const greedy = [toRoute(elder, 'a.x.test'), toCertificate(elder, ['a.x.test', 'c.y.test'])];
    expect(
      tell(
        shared,
        [
          [elder, greedy],
          [younger, [toRoute(younger, 'c.y.test')]],
        ],
        elder,
      ),
    ).toEqual([
      'certificate-conflict: The certificate names c.y.test, which namespace n was the first to route',
    ]);
  });

  it('with a host that a wildcard of others covers does not stand', () => {
    const covered = [toRoute(elder, 'c.y.test'), toCertificate(elder, ['c.y.test', 'b.x.test'])];
    for (const host of ['*.x.test', '**.test']) {
      expect(
        tell(
          shared,
          [
            [elder, covered],
            [younger, [toRoute(younger, host)]],
          ],
          elder,
        ),
      ).toEqual([
        'certificate-conflict: The certificate names b.x.test, which namespace n was the first to route',
      ]);
    }
  });

  it('with an address stands only where its namespace answers for any host', () => {
    const address = toCertificate(elder, ['a.x.test', '10.0.0.1']);
    const refused =
      'certificate-conflict: The certificate names 10.0.0.1, and the namespace is not the first to route that or any host';
    expect(tell(shared, [[elder, [toRoute(elder, 'a.x.test'), address]]], elder)).toEqual([refused]);
    expect(tell(shared, [[elder, [toRoute(elder, ''), address]]], elder)).toEqual([]);
    expect(tell(shared, [[elder, [toRoute(elder, '10.0.0.1'), address]]], elder)).toEqual([]);
  });

  it('with a wildcard gives way where others rely on that of the fleet', () => {
    const fleet: readonly [Aged, readonly Intent[]] = [toOwner('edge', 2020), [standard]];
    expect(tell(shared, [fleet, [elder, wildcard]], elder)).toEqual([]);
    expect(
      tell(shared, [fleet, [elder, wildcard], [younger, [toRoute(younger, 'b.x.test')]]], elder),
    ).toEqual([
      'certificate-conflict: The certificate names *.x.test, as does that of the fleet, on which others below it rely',
    ]);
  });

  it('needs no second copy, and a copy is no conflict', () => {
    const copy = { ...toCertificate(younger, ['*.x.test']), certFile: 'same' };
    const own = { ...toCertificate(elder, ['*.x.test']), certFile: 'same' };
    const objects = [
      [elder, [toRoute(elder, 'a.x.test'), own]],
      [younger, [toRoute(younger, 'b.x.test'), copy]],
    ] as const;
    expect(tell(shared, objects, elder)).toEqual([]);
    expect(tell(shared, objects, younger)).toEqual([]);
  });
});

function wildcardOf(owner: Aged): readonly Intent[] {
  return [toRoute(owner, 'b.x.test'), toCertificate(owner, ['*.x.test'])];
}

describe('a host', () => {
  const elder = toOwner('n', 2023);
  const younger = toOwner('m', 2025);
  const objects = [
    [elder, [toRoute(elder, 'a.x.test')]],
    [younger, [toRoute(younger, 'a.x.test', '/p', true)]],
  ] as const;

  it('is shared, unless the settings say otherwise', () => {
    expect(tell(shared, objects, younger)).toEqual([]);
  });

  it('is that of the namespace which routed it first', () => {
    expect(tell(byNamespace, objects, elder)).toEqual([]);
    expect(tell(byNamespace, objects, younger)).toEqual([
      'host-not-owned: a.x.test is not a host of namespace m: namespace n was the first to route it',
    ]);
  });

  it('of a list is that of its namespaces, whoever was first', () => {
    const listed: OwnerSettings = {
      hostOwnership: 'shared',
      owners: [{ hosts: ['*.x.test'], namespaces: ['m'] }],
    };
    expect(tell(listed, objects, younger)).toEqual([]);
    expect(tell(listed, objects, elder)).toEqual([
      'host-not-owned: a.x.test is not a host of namespace n: ingress.owners gives it to another namespace',
    ]);
  });

  it('gets no TLS from a route that does not stand', () => {
    for (const [settings, isSecured] of [
      [shared, true],
      [byNamespace, false],
    ] as const) {
      const claims = new Claims(settings);
      const all = objects.map(([owner, intents]) => toTranslation(owner, intents));
      for (const each of all) claims.replace(each);
      const [route] = claims.settle(all[0] ?? toTranslation(elder, [])).intents;
      expect(route?.kind === 'http' && route.secured !== undefined).toBe(isSecured);
    }
  });

  it('comes to the next when its first owner goes', () => {
    const claims = new Claims(byNamespace);
    const [first, second] = objects.map(([owner, intents]) => toTranslation(owner, intents));
    if (first === undefined || second === undefined) throw new Error('two objects');
    claims.replace(first);
    claims.replace(second);
    expect(claims.settle(second).intents).toEqual([]);
    expect([...claims.replace({ ...first, intents: [] })]).toEqual([second.unit]);
    expect(claims.settle(second).intents).toHaveLength(1);
  });
});
