import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../../src/conflicts/settle.ts';
import { bySeniority, toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import {
  toClaimKey,
  toEmptyTranslation,
  type Intent,
  type RouteTls,
  type Translation,
} from '../../../src/routes/intent.ts';
import { anyHost, listCovering, toHostMatch, toHostText } from '../../../src/routes/match.ts';
import { unusableOptions } from '../../../src/routes/tls-options.ts';
import type { TlsOptions } from '../../../src/traefik/tls.ts';
import { httpRoute, toFilter, toTestSettings } from '../render/intents.ts';

const owners: readonly Aged[] = ['a', 'b', 'c', 'd'].flatMap((name) =>
  [undefined, '2025-01-01T00:00:00Z'].map((created): Aged => {
    const ref = { source: 's', kind: 'Service', namespace: created === undefined ? 'n' : 'm', name } as const;
    return created === undefined ? { ref } : { ref, created };
  }),
);

const redirect = {
  ...toFilter('https', 'https', { redirectScheme: { scheme: 'https' as const } }),
  whenTls: true,
} as const;

function translation(owner: Aged, hosts: readonly string[], tls?: RouteTls): Translation {
  const intents = hosts.map((hostName, index) =>
    httpRoute({
      owner,
      host: hostName === '' ? anyHost : toHostMatch(hostName),
      why: { field: `rule ${index}`, uses: [] },
      filters: [redirect],
      ...(tls && { tls }),
    }),
  );
  return { ...toEmptyTranslation(toObjectKey(owner.ref)), fleets: ['default'], intents };
}

const required = (caFile: string): TlsOptions => ({
  clientAuth: { caFiles: [caFile], clientAuthType: 'RequireAndVerifyClientCert' },
});

const asked = fc.constantFrom<RouteTls | undefined>(
  undefined,
  {},
  { options: { kind: 'own', key: 'a', value: required('a') } },
  { options: { kind: 'own', key: 'b', value: required('b') } },
  { options: unusableOptions },
  { apart: { kind: 'own', key: 'c', value: { alpnProtocols: ['h2'] } } },
  { apart: { kind: 'own', key: 'd', value: { alpnProtocols: ['h2'] } } },
);

const step = fc.record({
  owner: fc.constantFrom(...owners),
  hosts: fc.array(fc.constantFrom('x.com', 'y.com', 'z.com', '*.com', 'a.x.com', ''), { maxLength: 3 }),
  tls: asked,
});

const keysOf = (intents: readonly Intent[]): readonly (string | undefined)[] => intents.map(toClaimKey);

describe('claims', () => {
  it('give every host that is wanted to the eldest who wants it, and to nobody else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, hosts, tls } of steps) {
          const next = translation(owner, hosts, tls);
          claims.replace(next);
          now.set(owner, next);
        }
        const wanted = new Set([...now.values()].flatMap(({ intents }) => keysOf(intents)));
        for (const key of wanted) {
          const winners = [...now].filter(([, each]) => keysOf(claims.settle(each).intents).includes(key));
          const claimants = [...now].filter(([, each]) => keysOf(each.intents).includes(key));
          const [eldest] = claimants.map(([owner]) => owner).sort(bySeniority);
          expect(winners.map(([owner]) => owner)).toEqual([eldest]);
        }
      }),
    );
  });

  it('tell whose standing a change may have touched', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, hosts, tls } of steps) {
          const before = new Map([...now].map(([each, its]) => [each, JSON.stringify(claims.settle(its))]));
          const next = translation(owner, hosts, tls);
          const touched = claims.replace(next);
          now.set(owner, next);
          for (const [each, its] of now) {
            if (each === owner || JSON.stringify(claims.settle(its)) === before.get(each)) continue;
            expect(touched).toContain(its.unit);
          }
        }
      }),
    );
  });

  it('give all routes of a host one set of TLS options, and close whoever asks for others', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, hosts, tls } of steps) {
          const next = translation(owner, hosts, tls);
          claims.replace(next);
          now.set(owner, next);
        }
        const routes = [...now.values()]
          .flatMap((each) => claims.settle(each).intents)
          .flatMap((each) => (each.kind === 'http' ? each : []));
        const byHost = new Map<string, Set<string | undefined>>();
        for (const { match, tls, secured, plain = [], backend, isShutInClear } of routes) {
          const host = toHostText(match.host);
          const options = secured?.options?.key;
          byHost.set(host, (byHost.get(host) ?? new Set()).add(options));
          if (match.host.kind === 'any') expect(options).toBeUndefined();
          if (tls?.options === undefined) continue;
          const isOpen = backend.kind !== 'status';
          if (isOpen) expect(options).toBe(tls.options.key);
          // Nobody is let in on plain HTTP either.
          if (isOpen)
            expect(isShutInClear === true || plain.some(({ stage }) => stage === 'https')).toBe(true);
        }
        for (const options of byHost.values()) expect(options.size).toBe(1);
      }),
    );
  });

  it('leave one problem for each thing that is lost, and say to whom', () => {
    const [first, second] = owners;
    if (first === undefined || second === undefined) throw new Error('no owners');
    const claims = new Claims(toTestSettings().ingress);
    const young = translation(first, ['x.com', 'x.com', 'y.com']);
    claims.replace(young);
    expect(claims.settle(young).problems.map(({ message }) => message)).toEqual([
      'x.com/ (Prefix) is already routed by rule 0 of the same object',
    ]);
    claims.replace(translation(second, ['x.com']));
    expect(claims.settle(young).problems.map(({ message }) => message)).toEqual([
      'x.com/ (Prefix) is already routed by Service/m/a, which is older',
      'x.com/ (Prefix) is already routed by Service/m/a, which is older',
    ]);
    claims.replace(translation(second, []));
    expect(keysOf(claims.settle(young).intents)).toHaveLength(2);
  });

  it('give TLS to every route whose host one that asks for it covers, and redirect only by the word of their own or an elder', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, hosts, tls } of steps) {
          const next = translation(owner, hosts, tls && {});
          claims.replace(next);
          now.set(owner, next);
        }
        const asking = [...now].flatMap(([owner, { intents }]) =>
          intents.flatMap((intent) =>
            intent.kind === 'http' && intent.tls ? [{ owner, text: toHostText(intent.match.host) }] : [],
          ),
        );
        for (const [owner, each] of now) {
          for (const settled of claims.settle(each).intents) {
            if (settled.kind !== 'http') throw new Error('no route');
            const covering = asking.filter(({ text }) => listCovering(settled.match.host).includes(text));
            expect(settled.secured !== undefined).toBe(covering.length > 0);
            const counting = covering.filter(
              ({ owner: other }) =>
                other.ref.namespace === owner.ref.namespace || bySeniority(other, owner) < 0,
            );
            expect((settled.plain ?? []).length > 0).toBe(counting.length > 0);
            expect(settled.secured?.filters ?? []).toEqual([]);
          }
        }
      }),
    );
  });
});
