import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../../src/conflicts/settle.ts';
import { toHost as toHostOf, type HostRoute } from '../../../src/conflicts/host-owners.ts';
import { OwnerRules, type OwnerSettings } from '../../../src/conflicts/owner-rules.ts';
import { bySeniority, toLast, toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import {
  toEmptyTranslation,
  type CertificateIntent,
  type DefaultCertificate,
  type HttpRoute,
  type Intent,
  type Settled,
  type SniRoute,
  type Translation,
} from '../../../src/routes/intent.ts';
import { anyHost, toHostMatch, toHostText, type HostMatch } from '../../../src/routes/match.ts';
import { httpRoute, sniRoute } from '../render/intents.ts';

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

/** A redirect from a host that gives way to all others. */
function toYielding(owner: Aged, host: string): HttpRoute {
  return { ...toRoute(toLast(owner), host), yields: true };
}

function toSniRoute(owner: Aged, name: string, isEnded = false): SniRoute {
  return sniRoute({ owner, host: toHostMatch(name), ...(isEnded && { tls: {} }) });
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
const sniHosts = ['a.x.test', 'b.x.test', '*.x.test', 'c.y.test'];
const names = ['a.x.test', 'b.x.test', '*.x.test', 'c.y.test', '10.0.0.1'];

const step = fc.constantFrom(...owners).chain((owner) =>
  fc
    .record({
      routes: fc.array(fc.tuple(fc.constantFrom(...hosts), fc.constantFrom('/', '/p'), fc.boolean()), {
        maxLength: 3,
      }),
      yielding: fc.subarray(['a.x.test', 'c.y.test'], { maxLength: 1 }),
      bySni: fc.array(fc.tuple(fc.constantFrom(...sniHosts), fc.boolean()), { maxLength: 2 }),
      certificates: fc.array(fc.subarray(names, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
    })
    .map(({ routes, yielding, bySni, certificates }) =>
      toTranslation(owner, [
        ...routes.map(([host, path, isSecured]) => toRoute(owner, host, path, isSecured)),
        // An object does not redirect from a host that it routes itself.
        ...yielding.flatMap((host) =>
          [...routes, ...bySni].some(([own]) => own === host) ? [] : toYielding(owner, host),
        ),
        ...bySni.map(([host, isEnded]) => toSniRoute(owner, host, isEnded)),
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

/** The hosts of what stands, each with the routes for it. */
function toRoutesByHost(settled: readonly Settled[]): ReadonlyMap<string, readonly HostRoute[]> {
  const byHost = new Map<string, HostRoute[]>();
  for (const each of settled) {
    if (each.kind !== 'http' && each.kind !== 'sni') continue;
    const text = toHostText(toHostOf(each));
    byHost.set(text, [...(byHost.get(text) ?? []), each]);
  }
  return byHost;
}

describe.each([
  ['shared', shared],
  ['by namespace', byNamespace],
  ['by a list', byList],
])('a host of HTTP and SNI %s', (_, settings) => {
  it('has one route by SNI or none, by the word of the eldest that may have it, and beside it plain HTTP of its owner at the most', () => {
    const rules = new OwnerRules(settings);
    fc.assert(
      fc.property(steps, (translations) => {
        const claims = new Claims(settings);
        const now = new Map<string, Translation>();
        for (const each of translations) {
          claims.replace(each);
          now.set(each.unit, each);
        }
        const all = [...now.values()];
        const asked = all.flatMap(({ intents }) =>
          intents.filter((each): each is HostRoute => each.kind === 'http' || each.kind === 'sni'),
        );
        const standing = toRoutesByHost(all.flatMap((each) => claims.settle(each).intents));
        for (const [host, routes] of standing) {
          const [eldest] = asked
            .filter((each) => toHostText(toHostOf(each)) === host && rules.allows(host, each.owner))
            .toSorted((a, b) => bySeniority(a.owner, b.owner) || (a.kind > b.kind ? -1 : 1));
          const bySni = routes.filter(({ kind }) => kind === 'sni').map(({ owner }) => owner);
          expect(bySni).toEqual(eldest?.kind === 'sni' ? [eldest.owner] : []);
          if (eldest?.kind !== 'sni') continue;
          for (const each of routes) {
            if (each.kind !== 'http') continue;
            expect(each.owner.ref.namespace).toBe(eldest.owner.ref.namespace);
            expect('secured' in each).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What stands of all. */
function settleObjects(...objects: readonly (readonly [Aged, readonly Intent[]])[]): readonly Settled[] {
  const claims = new Claims(shared);
  const all = objects.map(([owner, intents]) => toTranslation(owner, intents));
  for (const each of all) claims.replace(each);
  return all.flatMap((each) => claims.settle(each).intents);
}

describe('a route by SNI', () => {
  const elder = toOwner('m', 2023);
  const younger = toOwner('n', 2025);
  it('needs no certificate where it passes through: the wildcard of a younger one around it stands', () => {
    const wildcard = [toRoute(younger, 'b.x.test'), toCertificate(younger, ['*.x.test'])];
    const kinds = (isEnded: boolean): readonly string[] =>
      settleObjects([elder, [toSniRoute(elder, 'a.x.test', isEnded)]], [younger, wildcard]).map(
        ({ kind }) => kind,
      );
    expect(kinds(false)).toEqual(['sni', 'http', 'certificate']);
    expect(kinds(true)).toEqual(['sni', 'http']);
  });

  it('says of routes around its host what they have to leave, and nothing of others', () => {
    const settled = settleObjects(
      [elder, ['*.x.test', 'a.y.test', 'a.z.test', '*.z.test', ''].map((host) => toRoute(elder, host))],
      [younger, ['a.x.test', '*.y.test'].map((host) => toSniRoute(younger, host))],
    );
    expect(settled.flatMap((each) => (each.kind === 'http' ? [each.beside] : []))).toEqual([
      { below: true },
      { above: true },
      {},
      {},
      {},
    ]);
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

describe('a redirect that gives way', () => {
  const elder = toOwner('m', 2024);
  const younger = toOwner('n', 2025);

  it.each([
    ['shared', shared],
    ['by namespace', byNamespace],
  ])('stands while nobody routes its host, by whatever path, %s', (_, settings) => {
    const redirect: readonly [Aged, readonly Intent[]] = [elder, [toYielding(elder, 'a.x.test')]];
    const around: readonly [Aged, readonly Intent[]] = [younger, [toRoute(younger, '*.x.test')]];
    expect(tell(settings, [redirect, around], elder)).toEqual([]);
    const route: readonly [Aged, readonly Intent[]] = [younger, [toRoute(younger, 'a.x.test', '/p')]];
    expect(tell(settings, [redirect, route], elder)).toEqual([
      'annotation-without-effect: a.x.test is routed by Ingress/n/web, so it is not redirected',
    ]);
    expect(tell(settings, [redirect, route], younger)).toEqual([]);
    // Of the same namespace as well.
    const own = toOwner('m', 2025, 'own');
    expect(tell(settings, [redirect, [own, [toRoute(own, 'a.x.test', '/p')]]], elder)).toHaveLength(1);
  });

  it('is no problem where another one leads to the same', () => {
    const other = toOwner('m', 2025, 'other');
    const both = [elder, other].map((each) => [each, [toYielding(each, 'a.x.test')]] as const);
    expect([elder, other].map((each) => tell(shared, both, each))).toEqual([[], []]);
    expect(settleObjects(...both)).toHaveLength(1);
  });

  it('does not stand on a host that the settings give to others', () => {
    const redirect = [toYielding(younger, 'b.x.test')];
    expect(tell(byList, [[younger, redirect]], younger)).toEqual([
      'host-not-owned: b.x.test is not a host of namespace n: ingress.owners gives it to another namespace',
    ]);
  });

  it('leaves the certificate of its host to who routes it', () => {
    const own = [toRoute(younger, 'a.x.test'), toCertificate(younger, ['a.x.test'])];
    const redirect = [toYielding(elder, 'a.x.test'), toCertificate(elder, ['a.x.test'])];
    expect(
      tell(
        shared,
        [
          [elder, redirect],
          [younger, own],
        ],
        younger,
      ),
    ).toEqual([]);
    expect(tell(shared, [[elder, redirect]], elder)).toEqual([]);
  });
});

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

  it('for all hosts of one label stands where nobody else has such a host, and the fleet no certificate', () => {
    const lone = [toRoute(elder, 'a.x.test'), toCertificate(elder, ['*', '*.x.test'])];
    const fleet: readonly [Aged, readonly Intent[]] = [toOwner('edge', 2020), [standard]];
    expect(
      tell(
        shared,
        [
          [elder, lone],
          [younger, [toRoute(younger, 'b.test')]],
        ],
        elder,
      ),
    ).toEqual([]);
    expect(
      tell(
        shared,
        [
          [elder, lone],
          [younger, [toRoute(younger, 'intranet')]],
        ],
        elder,
      ),
    ).toEqual([
      'certificate-conflict: The certificate names *, below which namespace n was the first to route a host',
    ]);
    expect(tell(shared, [fleet, [elder, lone]], elder)).toEqual([
      'certificate-conflict: The certificate names *, for which the fleet has one',
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
