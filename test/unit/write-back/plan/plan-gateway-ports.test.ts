import { describe, expect, it } from 'vitest';
import { toObjectKey, type ObjectKey, type ObjectRef } from '../../../../src/model/object-ref.ts';
import type { ListenerSet, TCPRoute } from '../../../../src/model/objects.ts';
import { isPort } from '../../../../src/model/port.ts';
import { noServicePort, type HeldPort } from '../../../../src/model/ports.ts';
import { toListenerKey, type StatusFacts } from '../../../../src/routes/status.ts';
import { planGatewayPorts, type PortTeller } from '../../../../src/write-back/plan/plan-gateway-ports.ts';
import { toFleetSettings } from '../../pipeline/addresses.ts';

const fleets = [
  toFleetSettings('edge', ['edge.example.com', 'fd00::1']),
  toFleetSettings('inner', ['10.0.0.1']),
];
const pooled = fleets.map((fleet) => ({
  ...fleet,
  pools: fleet.pools.map((pool) => ({
    ...pool,
    ranges: { tcp: { range: toRange(20_000, 20_099), entryPoint: 'tcp-{port}' } },
  })),
}));

const setRef: ObjectRef = { source: 's', kind: 'ListenerSet', namespace: 'team-a', name: 'db' };
const routeRef: ObjectRef = { ...setRef, kind: 'TCPRoute' };
const answered = { generation: 1, status: {} };

function toPort(value: number): HeldPort['port'] {
  if (!isPort(value)) throw new Error(String(value));
  return value;
}

function toRange(from: number, to: number) {
  return { from: toPort(from), to: toPort(to) };
}

function hold(ref: ObjectRef, port: number, listener?: string, fleet = 'edge'): HeldPort {
  return {
    fleet,
    pool: 'default',
    holder: ref,
    ...(listener !== undefined && { part: { kind: 'listener', name: listener } }),
    servicePort: noServicePort,
    port: toPort(port),
    protocols: ['tcp'],
    state: 'held',
    since: '',
  };
}

function toSet(names: readonly string[], annotations: Readonly<Record<string, string>> = {}): ListenerSet {
  return {
    kind: 'ListenerSet',
    meta: { ref: setRef, annotations },
    ...answered,
    parentRef: { group: '', kind: 'Gateway', name: 'edge', field: '' },
    listeners: names.map((name) => ({
      name,
      port: 1,
      protocol: 'TCP',
      allowedRoutes: { namespaces: { from: 'Same' }, kinds: [] },
      field: '',
    })),
  };
}

function toRoute(annotations: Readonly<Record<string, string>> = {}): TCPRoute {
  return { kind: 'TCPRoute', meta: { ref: routeRef, annotations }, ...answered, parentRefs: [], rules: [] };
}

function plan(object: PortTeller, held: readonly HeldPort[], facts?: StatusFacts, isLed = true): object {
  const byHolder = new Map<ObjectKey, readonly HeldPort[]>();
  for (const each of held) {
    const key = toObjectKey(each.holder);
    byHolder.set(key, [...(byHolder.get(key) ?? []), each]);
  }
  return planGatewayPorts({ fleets: pooled, held: byHolder, isLed: () => isLed }, object, facts);
}

const attached: StatusFacts = {
  of: 'Route',
  parents: [
    {
      parentRef: { group: '', kind: 'ListenerSet', name: 'db', field: '' },
      conditions: [],
      attached: [toListenerKey(toObjectKey(setRef), 'mysql')],
    },
  ],
};

describe('pool ports on objects of the Gateway API', () => {
  it('are told under the names of listeners, that of the first fleet, and with all addresses', () => {
    const held = [
      hold(setRef, 20_001, 'mysql', 'inner'),
      hold(setRef, 20_000, 'mysql'),
      hold(setRef, 20_002, 'gone'),
    ];
    expect(plan(toSet(['mysql', 'dns']), held)).toEqual({
      'tcp.fairlead.dev/mysql': '20000',
      'fairlead.dev/addresses': 'mysql=edge.example.com:20000,mysql=[fd00::1]:20000,mysql=10.0.0.1:20001',
    });
  });

  it('stand on the routes that are attached, with those of their own', () => {
    const held = [hold(setRef, 20_000, 'mysql'), hold(setRef, 20_002, 'other'), hold(routeRef, 20_003)];
    expect(plan(toRoute(), held, attached)).toMatchObject({
      'tcp.fairlead.dev/port': '20003',
      'tcp.fairlead.dev/mysql': '20000',
    });
    // A younger one, or one that not all Traefiks have yet.
    expect(plan(toRoute(), held, attached, false)).not.toHaveProperty('tcp.fairlead.dev/mysql');
    expect(plan(toRoute(), held)).toEqual({
      'tcp.fairlead.dev/port': '20003',
      'fairlead.dev/addresses': 'port=edge.example.com:20003,port=[fd00::1]:20003',
    });
  });

  it('are put right, and nothing else is touched', () => {
    const own = {
      'tcp.fairlead.dev/mysql': '1',
      'udp.fairlead.dev/x': '2',
      'fairlead.dev/addresses': 'x=y:1',
    };
    const others = { 'fairlead.dev/allocate-port': 'mysql', 'example.com/a': 'b' };
    expect(plan(toSet(['mysql'], { ...own, ...others }), [])).toEqual({
      'tcp.fairlead.dev/mysql': null,
      'udp.fairlead.dev/x': null,
      'fairlead.dev/addresses': null,
    });
    const told = { 'tcp.fairlead.dev/port': '20003', 'fairlead.dev/addresses': 'port=10.0.0.1:20003' };
    expect(plan(toRoute({ ...told, ...others }), [hold(routeRef, 20_003, undefined, 'inner')])).toEqual({});
  });

  it('are not told where no pool has them any more, nor under a name that no annotation can have', () => {
    const long = 'l'.repeat(64);
    expect(plan(toSet(['mysql', long]), [hold(setRef, 30_000, 'mysql'), hold(setRef, 20_005, long)])).toEqual(
      {
        'fairlead.dev/addresses': `${long}=edge.example.com:20005,${long}=[fd00::1]:20005`,
      },
    );
  });
});
