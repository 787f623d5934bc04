import { describe, expect, it } from 'vitest';

import type { Service, ServicePort } from '../../../../src/model/objects.ts';
import { sniPortKind, type LedgerEntry, type PortClaim } from '../../../../src/model/ports.ts';
import type { ExposeAnnotation, FleetSettings } from '../../../../src/settings/settings.ts';
import type { AddressedFleet } from '../../../../src/pipeline/addressed-fleet.ts';
import { planWrites } from '../../../../src/write-back/plan/plan.ts';
import type { IngressAddress } from '../../../../src/model/objects.ts';
import type { Write } from '../../../../src/write-back/write.ts';
import { toPool, toPort } from '../../ports/allocation/notation.ts';

const own: ExposeAnnotation = {
  key: 'fairlead.dev/expose',
  allocated: '{protocol}.fairlead.dev/{port}',
};
const other: ExposeAnnotation = {
  key: 'ingress',
  value: 'haproxy-ingress',
  allocated: 'haproxy-ingress/{port}',
};

function toFleet(name: string, addresses: readonly string[]): FleetSettings {
  return {
    name,
    ingressClasses: [],
    gatewayClasses: [],
    listeners: new Map(),
    plugins: [],
    entryPoints: { http: 'web', https: 'websecure' },
    addresses,
    traefik: { major: 3, minor: 7 },
    pools: [toPool({ tcp: '100-199', udp: '100-199' })],
  };
}

const edge = toFleet('edge', ['edge.example.com']);
const inner = toFleet('inner', ['10.0.0.1', 'fd00::1']);
const silent = toFleet('silent', []);
/** Its addresses are looked up: now `10.1.0.2`, before `10.1.0.1`, and always `found.example.com`. */
const found: AddressedFleet = {
  ...toFleet('found', ['10.1.0.2', 'found.example.com']),
  lookedUp: { isComplete: true, fixed: ['found.example.com'], former: ['10.1.0.1', '10.1.0.2'] },
};
/** One of its addresses cannot be looked up. */
const partial: AddressedFleet = {
  ...toFleet('partial', ['partial.example.com']),
  lookedUp: { isComplete: false, fixed: ['partial.example.com'], former: [] },
};

const db = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' } as const;

/** `mysql:3306/tcp`, or `3306/tcp` without a name. */
function toServicePort(text: string): ServicePort {
  const [, name = '', port, protocol] = /^(?:([^:]+):)?(\d+)\/(\w+)$/.exec(text) ?? [];
  return { name, port: Number(port), protocol: protocol === 'udp' ? 'UDP' : 'TCP' };
}

/** `120 tcp edge 3306`: port 120 of the fleet `edge` is held for port 3306; `3306/db-0`: of one endpoint; `443@name`: shared under a name. */
function toHeld(text: string): LedgerEntry {
  const [port, protocols, fleet, target = ''] = text.split(' ');
  const [place = '', shared] = target.split('@');
  const [servicePort, endpoint] = place.split('/');
  return {
    fleet: fleet ?? '',
    port: toPort(Number(port)),
    protocols: (protocols ?? '').split('+').map((each) => (each === 'udp' ? 'udp' : 'tcp')),
    pool: 'default',
    holder: { ...db, ...(shared !== undefined && { kind: sniPortKind, name: shared }) },
    ...(endpoint !== undefined && { part: { kind: 'endpoint', name: endpoint } }),
    servicePort: Number(servicePort),
    state: 'held',
    since: '2026-01-01T00:00:00Z',
  };
}

/** Port 3306 of the Service shares it. */
function toClaim({ fleet, pool, holder, servicePort, protocols }: LedgerEntry): PortClaim {
  const sharer = { ref: db, servicePorts: [3306] };
  return { fleet, pools: [pool], holder, servicePort, protocols, field: '', sharer };
}

function toService(annotations: Readonly<Record<string, string>>, ports: readonly string[]): Service {
  return {
    kind: 'Service',
    meta: {
      ref: db,
      uid: 'uid-1',
      annotations,
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: ports.map(toServicePort),
  };
}

interface ServiceCase {
  readonly stands: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly held?: readonly string[];
  readonly fleets?: readonly AddressedFleet[];
  readonly expose?: readonly ExposeAnnotation[];
  /** The difference; absent: nothing to write. */
  readonly writes?: Readonly<Record<string, string | null>>;
}

const asks = { 'fairlead.dev/expose': 'true' };
const settled = {
  ...asks,
  'tcp.fairlead.dev/3306': '120',
  'fairlead.dev/addresses': 'mysql=edge.example.com:120',
};

function plan(one: ServiceCase, service = toService(one.stands, one.ports ?? ['mysql:3306/tcp'])) {
  const {
    held = ['120 tcp edge 3306'],
    fleets = [edge, inner, silent, found, partial],
    expose = [other, own],
  } = one;
  return planWrites({
    settings: {
      fleets,
      services: {
        expose,
      },
    },
    sources: new Set(['prod']),
    services: [service],
    ingresses: [],
    ledger: { entries: held.map(toHeld) },
    claimsOf: () =>
      held
        .map(toHeld)
        .filter(({ holder }) => holder.kind === sniPortKind)
        .map(toClaim),
  });
}

describe('on a Service', () => {
  const cases: Readonly<Record<string, ServiceCase>> = {
    'a port that was given is reported': {
      stands: asks,
      writes: { 'tcp.fairlead.dev/3306': '120', 'fairlead.dev/addresses': 'mysql=edge.example.com:120' },
    },
    'nothing is written when it is reported already': { stands: settled },
    'a port without a name is reported by its number': {
      stands: asks,
      ports: ['3306/tcp'],
      writes: { 'tcp.fairlead.dev/3306': '120', 'fairlead.dev/addresses': '3306=edge.example.com:120' },
    },
    'an edit is put back': {
      stands: { ...settled, 'tcp.fairlead.dev/3306': '199' },
      writes: { 'tcp.fairlead.dev/3306': '120' },
    },
    'an edit that is no number is put back': {
      stands: { ...settled, 'tcp.fairlead.dev/3306': '', 'fairlead.dev/addresses': 'mine' },
      writes: { 'tcp.fairlead.dev/3306': '120', 'fairlead.dev/addresses': 'mysql=edge.example.com:120' },
    },
    'a claim to a port that was never given is removed': {
      stands: { ...settled, 'udp.fairlead.dev/53': '101' },
      writes: { 'udp.fairlead.dev/53': null },
    },
    'nothing stays when it asks no more, even while the ledger still has the port': {
      stands: { ...settled, 'fairlead.dev/expose': 'false' },
      writes: { 'tcp.fairlead.dev/3306': null, 'fairlead.dev/addresses': null },
    },
    'nothing stays when the question is gone': {
      stands: { 'tcp.fairlead.dev/3306': '120' },
      held: [],
      writes: { 'tcp.fairlead.dev/3306': null },
    },
    'a question that cannot be understood is none': {
      stands: { ...settled, 'fairlead.dev/expose': 'a b' },
      writes: { 'tcp.fairlead.dev/3306': null, 'fairlead.dev/addresses': null },
    },
    'a port that it has no more is removed': {
      stands: settled,
      ports: ['3307/tcp'],
      writes: { 'tcp.fairlead.dev/3306': null, 'fairlead.dev/addresses': null },
    },
    'nothing is reported while the pool is exhausted': { stands: asks, held: ['120 tcp edge 80'] },
    'what was written for it is taken back while it holds nothing': {
      stands: settled,
      held: ['120 tcp edge 80'],
      writes: { 'tcp.fairlead.dev/3306': null, 'fairlead.dev/addresses': null },
    },
    'what was written for it stays while the ledger is empty, and so perhaps lost': {
      stands: settled,
      held: [],
    },
    'a port outside the pool is not written': {
      stands: { ...asks, 'tcp.fairlead.dev/3306': '250' },
      held: ['250 tcp edge 3306'],
      writes: { 'tcp.fairlead.dev/3306': null },
    },
    'a port of a fleet that is gone is not written': { stands: asks, held: ['120 tcp former 3306'] },
    'one number on both protocols has two keys': {
      stands: asks,
      ports: ['dns:53/udp', 'dns-tcp:53/tcp'],
      held: ['153 tcp+udp edge 53'],
      writes: {
        'udp.fairlead.dev/53': '153',
        'tcp.fairlead.dev/53': '153',
        'fairlead.dev/addresses': 'dns=edge.example.com:153,dns-tcp=edge.example.com:153',
      },
    },
    'several fleets are reported by their addresses, and the first one by its port': {
      stands: asks,
      held: ['130 tcp inner 3306', '120 tcp edge 3306'],
      writes: {
        'tcp.fairlead.dev/3306': '120',
        'fairlead.dev/addresses': 'mysql=edge.example.com:120,mysql=10.0.0.1:130,mysql=[fd00::1]:130',
      },
    },
    'a fleet without addresses is reported by its port': {
      stands: asks,
      held: ['140 tcp silent 3306'],
      writes: { 'tcp.fairlead.dev/3306': '140' },
    },
    'addresses that were looked up are reported': {
      stands: { ...asks, 'tcp.fairlead.dev/3306': '120', 'fairlead.dev/addresses': 'mysql=10.1.0.1:120' },
      held: ['120 tcp found 3306'],
      writes: { 'fairlead.dev/addresses': 'mysql=10.1.0.2:120,mysql=found.example.com:120' },
    },
    'while an address is missing, what is reported stays beside the others': {
      stands: { ...asks, 'fairlead.dev/addresses': 'mysql=10.2.0.1:120,mysql=[fd00::1]:120' },
      held: ['120 tcp partial 3306'],
      writes: {
        'tcp.fairlead.dev/3306': '120',
        'fairlead.dev/addresses': 'mysql=partial.example.com:120,mysql=10.2.0.1:120,mysql=[fd00::1]:120',
      },
    },
    'while an address is missing, what is reported of other ports goes': {
      stands: { ...asks, 'fairlead.dev/addresses': 'mysql=10.2.0.1:121,http=10.2.0.1:120,mine' },
      held: ['120 tcp partial 3306'],
      writes: {
        'tcp.fairlead.dev/3306': '120',
        'fairlead.dev/addresses': 'mysql=partial.example.com:120',
      },
    },
    'the answer stands under the key of the question': {
      stands: { ingress: 'haproxy-ingress' },
      writes: { 'haproxy-ingress/3306': '120', 'fairlead.dev/addresses': 'mysql=edge.example.com:120' },
    },
    'the first of two questions is answered': {
      stands: { ...asks, ingress: 'haproxy-ingress' },
      writes: { 'haproxy-ingress/3306': '120', 'fairlead.dev/addresses': 'mysql=edge.example.com:120' },
    },
    'an answer under another key moves': {
      stands: { ...settled, 'haproxy-ingress/3306': '120' },
      writes: { 'haproxy-ingress/3306': null },
    },
    'each endpoint is told under the name of the port and its own': {
      stands: { 'fairlead.dev/expose-each': 'true' },
      held: ['120 tcp edge 3306/db-0', '121 tcp edge 3306/db-1', '130 tcp inner 3306/db-1'],
      writes: {
        'tcp.fairlead.dev/3306.db-0': '120',
        'tcp.fairlead.dev/3306.db-1': '121',
        'fairlead.dev/addresses':
          'mysql.db-0=edge.example.com:120,mysql.db-1=edge.example.com:121,mysql.db-1=10.0.0.1:130,mysql.db-1=[fd00::1]:130',
      },
    },
    'endpoints beside the whole, asked for in another way': {
      stands: { ingress: 'haproxy-ingress', 'fairlead.dev/expose-each': 'mysql' },
      held: ['120 tcp edge 3306', '121 tcp edge 3306/db-0'],
      writes: {
        'haproxy-ingress/3306': '120',
        'tcp.fairlead.dev/3306.db-0': '121',
        'fairlead.dev/addresses': 'mysql=edge.example.com:120,mysql.db-0=edge.example.com:121',
      },
    },
    'an endpoint that holds nothing any more is taken back': {
      stands: {
        'fairlead.dev/expose-each': 'true',
        'tcp.fairlead.dev/3306.db-0': '120',
        'tcp.fairlead.dev/3306.db-1': '121',
        'fairlead.dev/addresses': 'mysql.db-0=edge.example.com:120',
      },
      held: ['120 tcp edge 3306/db-0'],
      writes: { 'tcp.fairlead.dev/3306.db-1': null },
    },
    'nothing is told of endpoints that are not asked for any more': {
      stands: { ...settled, 'tcp.fairlead.dev/3306.db-0': '121' },
      held: ['120 tcp edge 3306', '121 tcp edge 3306/db-0'],
      writes: { 'tcp.fairlead.dev/3306.db-0': null },
    },
    'a port that it shares is reported like one of its own': {
      stands: { 'fairlead.dev/sni-port': 'databases' },
      held: ['120 tcp edge 443@databases', '130 tcp inner 443@databases'],
      writes: {
        'tcp.fairlead.dev/3306': '120',
        'fairlead.dev/addresses': 'mysql=edge.example.com:120,mysql=10.0.0.1:130,mysql=[fd00::1]:130',
      },
    },
    'one of its own goes before one that it shares': {
      stands: { ...asks, 'fairlead.dev/sni-port': 'databases' },
      held: ['120 tcp edge 443@databases', '121 tcp edge 3306'],
      writes: {
        'tcp.fairlead.dev/3306': '121',
        'fairlead.dev/addresses': 'mysql=edge.example.com:121,mysql=edge.example.com:120',
      },
    },
    'what was written of a shared port stays while the ledger is empty': {
      stands: { 'fairlead.dev/sni-port': 'databases', 'tcp.fairlead.dev/3306': '120' },
      held: [],
    },
    'annotations of others stay': {
      stands: {
        ...settled,
        ingress: 'other',
        'haproxy-ingress/timeout': '5s',
        'haproxy-ingress/3306.x': '1',
        'tcp.fairlead.dev/': 'x',
        'xtcp.fairlead.dev/3306': '1',
        'fairlead.dev/host': 'a.example.com',
      },
    },
  };
  it.each(Object.entries(cases))('%s', (_title, one) => {
    const { writes } = one;
    const [write, ...rest] = plan(one);
    expect(rest).toEqual([]);
    if (writes === undefined) expect(write).toBeUndefined();
    else
      expect(write).toEqual({
        kind: 'annotations',
        ref: { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' },
        uid: 'uid-1',
        annotations: writes,
      });
  });

  it.each(Object.entries(cases))('%s, and then nothing more', (_title, one) => {
    const stands = new Map(Object.entries(one.stands));
    for (const [key, value] of Object.entries(one.writes ?? {})) {
      if (value === null) stands.delete(key);
      else stands.set(key, value);
    }
    expect(plan({ ...one, stands: Object.fromEntries(stands) })).toEqual([]);
  });

  it('of a folder nothing is written', () => {
    const service = toService(asks, ['mysql:3306/tcp']);
    const ref = { ...service.meta.ref, source: 'vms' };
    expect(plan({ stands: asks }, { ...service, meta: { ...service.meta, ref } })).toEqual([]);
  });
});

describe('on an Ingress', () => {
  interface IngressCase {
    readonly stands: readonly IngressAddress[];
    readonly fleets: readonly string[];
    readonly wasServed?: boolean;
    readonly writes?: readonly IngressAddress[];
  }
  const ours = { hostname: 'edge.example.com' };
  const foreign = { ip: '192.0.2.1' };
  const cases: Readonly<Record<string, IngressCase>> = {
    'the addresses of the fleet are published': { stands: [], fleets: ['edge'], writes: [ours] },
    'nothing is written when they are': { stands: [ours], fleets: ['edge'] },
    'addresses are IP addresses or host names': {
      stands: [],
      fleets: ['inner', 'edge'],
      writes: [ours, { ip: '10.0.0.1' }, { ip: 'fd00::1' }],
    },
    'what another controller left is replaced': { stands: [foreign], fleets: ['edge'], writes: [ours] },
    'an address that is no longer right is replaced': {
      stands: [{ hostname: 'former.example.com' }, ours],
      fleets: ['edge'],
      writes: [ours],
    },
    'they are cleared when it belongs to somebody else': { stands: [ours], fleets: [], writes: [] },
    'what its new owner wrote stays': { stands: [foreign], fleets: [] },
    'only our addresses are cleared': { stands: [foreign, ours], fleets: [], writes: [foreign] },
    'a fleet without addresses publishes nothing': { stands: [foreign], fleets: ['silent'] },
    'addresses that were looked up replace the former ones': {
      stands: [{ ip: '10.1.0.1' }],
      fleets: ['found'],
      writes: [{ ip: '10.1.0.2' }, { hostname: 'found.example.com' }],
    },
    'what was looked up, now or before, is cleared from an Ingress that was served': {
      stands: [{ ip: '10.1.0.1' }, foreign, { ip: '10.1.0.2' }],
      fleets: [],
      wasServed: true,
      writes: [foreign],
    },
    'what was looked up stays on an Ingress of a controller on the same nodes': {
      stands: [{ ip: '10.1.0.1' }, { ip: '10.1.0.2' }],
      fleets: [],
    },
    'a fixed address is cleared wherever it is': {
      stands: [{ ip: '10.1.0.2' }, { hostname: 'found.example.com' }],
      fleets: [],
      writes: [{ ip: '10.1.0.2' }],
    },
    'while an address is missing, nothing is cleared': {
      stands: [foreign],
      fleets: ['partial', 'edge'],
      writes: [foreign, ours, { hostname: 'partial.example.com' }],
    },
    'an Ingress that was never ours is left alone': { stands: [], fleets: [] },
  };
  const ref = { source: 'prod', kind: 'Ingress', namespace: 'ns', name: 'web' } as const;
  const planStatus = (
    { stands, fleets, wasServed = false }: IngressCase,
    source = 'prod',
  ): readonly Write[] =>
    planWrites({
      settings: {
        fleets: [edge, inner, silent, found, partial],
        services: {
          expose: [own],
        },
      },
      sources: new Set(['prod']),
      services: [],
      ingresses: [{ ref: { ...ref, source }, addresses: stands, fleets, wasServed }],
      ledger: { entries: [] },
      claimsOf: () => [],
    });

  it.each(Object.entries(cases))('%s', (_title, one) => {
    const expected = one.writes === undefined ? [] : [{ kind: 'status', ref, addresses: one.writes }];
    expect(planStatus(one)).toEqual(expected);
    expect(planStatus({ ...one, stands: one.writes ?? one.stands })).toEqual([]);
  });

  it('of a folder nothing is written', () => {
    expect(planStatus({ stands: [], fleets: ['edge'] }, 'vms')).toEqual([]);
  });
});
