import { describe, expect, it } from 'vitest';
import { Claims } from '../../../src/conflicts/settle.ts';
import { toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import { isPort } from '../../../src/model/port.ts';
import {
  toEmptyTranslation,
  type Intent,
  type PortRoute,
  type RouteTls,
  type Translation,
} from '../../../src/routes/intent.ts';
import { httpRoute } from '../render/intents.ts';

function toOwner(namespace: string, year: number): Aged {
  return {
    ref: { source: 's', kind: 'Ingress', namespace, name: 'web' },
    created: `${year}-01-01T00:00:00Z`,
  };
}

const gateway = { source: 's', kind: 'Ingress', namespace: 'infra', name: 'edge' } as const;
const place = { entryPoint: 'web', isTls: false, shared: 'http' } as const;

function toTranslation(owner: Aged, ...intents: readonly Intent[]): Translation {
  return { ...toEmptyTranslation(toObjectKey(owner.ref)), fleets: ['default'], intents };
}

function settle(claims: Claims, ...all: readonly Translation[]): readonly (readonly string[])[] {
  for (const each of all) claims.replace(each);
  return all.map((each) => claims.settle(each).problems.map(({ code }) => code));
}

const byNamespace = { hostOwnership: 'namespace', owners: [] } as const;

function givenTo(namespace: string): Claims {
  return new Claims({ ...byNamespace, owners: [{ hosts: ['a.example.com'], namespaces: [namespace] }] });
}

describe('hosts for which a listener answers', () => {
  const a = toOwner('team-a', 2024);
  const b = toOwner('team-b', 2025);

  it('are shared by all whom the listener lets in, and by nobody else', () => {
    const through = (owner: Aged, path: string): Translation =>
      toTranslation(
        owner,
        httpRoute({ owner, tenant: gateway, place, path: { type: 'Prefix', value: path } }),
      );
    const outside = toOwner('team-c', 2026);
    const other = toTranslation(
      outside,
      httpRoute({ owner: outside, path: { type: 'Prefix', value: '/c' } }),
    );
    expect(settle(new Claims(byNamespace), through(a, '/a'), through(b, '/b'), other)).toEqual([
      [],
      [],
      ['host-not-owned'],
    ]);
  });

  it('stay those of the namespace that routed them before without a listener', () => {
    const ingress = toTranslation(a, httpRoute({ owner: a }));
    const own = { ref: { ...a.ref, name: 'route' }, created: '2025-06-01T00:00:00Z' };
    const path = { type: 'Prefix', value: '/new' } as const;
    const moved = toTranslation(own, httpRoute({ owner: own, tenant: gateway, place, path }));
    const foreign = toTranslation(b, httpRoute({ owner: b, tenant: gateway, place, path }));
    expect(settle(new Claims(byNamespace), ingress, moved, foreign)).toEqual([[], [], ['host-not-owned']]);
  });

  it('may be had by whom the settings name, on either side', () => {
    const route = toTranslation(b, httpRoute({ owner: b, tenant: gateway, place }));
    expect(settle(givenTo('infra'), route)).toEqual([[]]);
    expect(settle(givenTo('team-b'), route)).toEqual([[]]);
    expect(settle(givenTo('team-a'), route)).toEqual([['host-not-owned']]);
  });
});

describe('a port that several routes lead from', () => {
  it('is that of the eldest', () => {
    const port = 9300;
    if (!isPort(port)) throw new Error('no port');
    const toRoute = (owner: Aged, contested?: true): PortRoute => ({
      kind: 'port',
      owner,
      why: { field: 'spec.rules[0]', uses: [] },
      fleet: 'default',
      protocol: 'tcp',
      port,
      servicePort: 1,
      ...(contested && { contested }),
      key: `${owner.ref.namespace}_web_tcp`,
      filters: [],
      backend: { kind: 'load-balancer', key: `${owner.ref.namespace}_web_1`, addresses: [] },
    });
    const [a, b] = [toOwner('team-a', 2024), toOwner('team-b', 2025)];
    const claims = new Claims(byNamespace);
    expect(settle(claims, toTranslation(b, toRoute(b, true)), toTranslation(a, toRoute(a, true)))).toEqual([
      ['gateway-route-shadowed'],
      [],
    ]);
    expect(
      settle(new Claims(byNamespace), toTranslation(b, toRoute(b)), toTranslation(a, toRoute(a))),
    ).toEqual([[], []]);
  });
});

/** TLS options of our own by their key. */
function toOptions(key: string): RouteTls {
  const value = { clientAuth: { clientAuthType: 'RequireAnyClientCert' } } as const;
  return { options: { kind: 'own', key, value } };
}

describe('TLS options of a host', () => {
  const owner = toOwner('team-a', 2024);
  const shared = { entryPoint: 'websecure', isTls: true, shared: 'https' } as const;
  const other = { entryPoint: 'websecure2', isTls: true } as const;

  it('are those of one entryPoint: what is asked for on another one changes nothing', () => {
    const claims = new Claims(byNamespace);
    const open = httpRoute({ owner, place: shared, tls: {} });
    const asking = httpRoute({ owner, place: other, tls: toOptions('x') });
    const asksOther = httpRoute({
      owner,
      place: other,
      tls: toOptions('y'),
      path: { type: 'Exact', value: '/y' },
    });
    const translation = toTranslation(owner, open, asking, asksOther);
    claims.replace(translation);
    const settled = claims.settle(translation).intents.flatMap((each) => (each.kind === 'http' ? each : []));
    expect(settled.map(({ secured, backend }) => [secured?.options?.key, backend.kind])).toEqual([
      [undefined, 'load-balancer'],
      ['y', 'status'],
      ['y', 'load-balancer'],
    ]);
  });
});

describe('TLS that ends on a port of its own', () => {
  const owner = toOwner('bank', 2024);
  const attacker = toOwner('attacker', 2025);
  const web = toTranslation(owner, httpRoute({ owner, tls: {} }));
  const port = 20_005;
  if (!isPort(port)) throw new Error('no port');
  const onPort = (by: Aged): Translation =>
    toTranslation(by, {
      kind: 'sni',
      owner: by,
      why: { field: 'spec', uses: [] },
      fleet: 'default',
      host: { kind: 'exact', name: 'a.example.com' },
      port,
      key: `${by.ref.namespace}_web`,
      tls: {},
      filters: [],
      backend: { kind: 'load-balancer', key: `${by.ref.namespace}_web`, addresses: [] },
    });
  const shared = { hostOwnership: 'shared', owners: [] } as const;

  it('is not for the host of another namespace, whose certificate Traefik would show there', () => {
    expect(settle(new Claims(shared), web, onPort(attacker))).toEqual([[], ['host-not-owned']]);
    const own: Aged = { ...owner, ref: { ...owner.ref, name: 'database' } };
    expect(settle(new Claims(shared), web, onPort(own))).toEqual([[], []]);
  });

  it('ends and begins as the host comes and goes', () => {
    const claims = new Claims(shared);
    expect(settle(claims, onPort(attacker))).toEqual([[]]);
    expect(claims.replace(web)).toEqual(new Set([toObjectKey(attacker.ref)]));
    expect(claims.settle(onPort(attacker)).problems.map(({ code }) => code)).toEqual(['host-not-owned']);
    expect(claims.replace(toEmptyTranslation(toObjectKey(owner.ref)))).toEqual(
      new Set([toObjectKey(attacker.ref)]),
    );
    expect(claims.settle(onPort(attacker)).problems).toEqual([]);
  });

  it('is for all to whom the settings give the host', () => {
    const owners = [{ hosts: ['a.example.com'], namespaces: ['bank', 'attacker'] }];
    expect(settle(new Claims({ ...shared, owners }), web, onPort(attacker))).toEqual([[], []]);
  });

  it('leaves the host to HTTP and to SNI for others, and for itself', () => {
    const other = toOwner('web', 2026);
    const plain = toTranslation(other, httpRoute({ owner: other, path: { type: 'Prefix', value: '/b' } }));
    expect(settle(new Claims(shared), onPort(owner), plain)).toEqual([[], []]);
    for (const namespace of ['bank', 'web']) {
      const by: Aged = { ref: { ...owner.ref, namespace, name: 'passed' }, created: '2026-01-01T00:00:00Z' };
      const passed = toTranslation(by, {
        kind: 'sni',
        owner: by,
        why: { field: 'spec', uses: [] },
        fleet: 'default',
        host: { kind: 'exact', name: 'a.example.com' },
        key: `${namespace}_passed`,
        filters: [],
        backend: { kind: 'load-balancer', key: `${namespace}_passed`, addresses: [] },
      });
      expect(settle(new Claims(shared), onPort(owner), passed)).toEqual([[], []]);
    }
  });

  it('makes the host that of its namespace, where namespaces own hosts', () => {
    const own = toTranslation(attacker, httpRoute({ owner: attacker, tls: {} }));
    expect(settle(new Claims(byNamespace), onPort(owner), own)).toEqual([[], ['host-not-owned']]);
  });
});
