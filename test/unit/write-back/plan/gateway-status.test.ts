import { describe, expect, it } from 'vitest';

import { compareText, toObjectKey } from '../../../../src/model/object-ref.ts';
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  GatewayObject,
  HTTPRoute,
  ListenerSet,
  Meta,
} from '../../../../src/model/objects.ts';
import type { ParentRef } from '../../../../src/model/route-specs.ts';
import type { AddressedFleet } from '../../../../src/pipeline/addressed-fleet.ts';
import { toListenerKey, type Condition, type StatusFacts } from '../../../../src/routes/status.ts';
import { planGatewayStatus, type GatewayPlanning } from '../../../../src/write-back/plan/gateway-status.ts';
import { toFleetSettings } from '../../pipeline/addresses.ts';

const controller = 'fairlead.dev/gateway-controller';
const since = '2026-01-01T00:00:00Z';
const fleet: AddressedFleet = {
  ...toFleetSettings('edge', ['192.0.2.7', 'Edge.example.com']),
  gatewayClasses: ['fairlead'],
};
const group = 'gateway.networking.k8s.io';

const gatewayRef = { source: 'prod', kind: 'Gateway', namespace: 'ns', name: 'gw' } as const;

function toMeta(kind: GatewayObject['kind'], name = 'gw'): Meta {
  const namespace = kind === 'GatewayClass' ? '' : 'ns';
  return { ref: { source: 'prod', kind, namespace, name }, uid: 'u1', annotations: {} };
}

function toGateway(status: object = {}): Gateway {
  return {
    kind: 'Gateway',
    meta: toMeta('Gateway'),
    generation: 3,
    version: '42',
    status: status as Gateway['status'],
    className: 'fairlead',
    listeners: [],
    addresses: [],
    allowedListeners: { from: 'None' },
  };
}

function toListenerSet(): ListenerSet {
  const { className: _class, addresses: _addresses, allowedListeners: _allowed, ...rest } = toGateway();
  const parent = { group, kind: 'Gateway', name: 'gw', field: 'spec.parentRef' };
  return { ...rest, kind: 'ListenerSet', meta: toMeta('ListenerSet'), parentRef: parent };
}

function toRoute(status: object = {}, generation = 3): HTTPRoute {
  return {
    kind: 'HTTPRoute',
    meta: toMeta('HTTPRoute'),
    generation,
    status: status as HTTPRoute['status'],
    parentRefs: [],
    hostnames: [],
    rules: [],
  };
}

const holds = (type: string, reason = type, message = ''): Condition => ({
  type,
  status: 'True',
  reason,
  message,
});
const fails = (type: string, reason: string, message = 'Because.'): Condition => ({
  type,
  status: 'False',
  reason,
  message,
});

const toParent = (name: string, more: Partial<ParentRef> = {}): ParentRef => ({
  group,
  kind: 'Gateway',
  name,
  field: 'spec.parentRefs[0]',
  ...more,
});

function toRouteFacts(...parents: readonly (readonly [ParentRef, ...Condition[]])[]): StatusFacts {
  return {
    of: 'Route',
    parents: parents.map(([parentRef, ...conditions]) => ({ parentRef, conditions, attached: [] })),
  };
}

function toGatewayFacts(
  conditions: readonly Condition[],
  more: Partial<Extract<StatusFacts, { of: 'Gateway' | 'ListenerSet' }>> = {},
): StatusFacts {
  return { of: 'Gateway', fleets: ['edge'], conditions, listeners: [], ...more };
}

const planning: GatewayPlanning = {
  controller,
  fleets: [fleet],
  attachedRoutes: (listener) => (listener === toListenerKey(toObjectKey(gatewayRef), 'http') ? 2 : 0),
  ports: { ofListener: (_owner, listener) => listener, ofParent: (_route, parent) => parent },
  closed: { ofParent: (_route, parent) => parent },
};

/** What was planned, as far as the tests look into it. */
interface Planned {
  readonly conditions: readonly Condition[];
  readonly listeners: readonly { readonly conditions: readonly Condition[] }[];
  readonly parents: readonly { readonly parentRef: ParentRef }[];
  readonly ancestors: readonly object[];
  readonly supportedFeatures: readonly { readonly name: string }[];
}

const planned = (...args: Parameters<typeof plan>): Planned => plan(...args) as unknown as Planned;

const plan = (object: GatewayObject, facts?: StatusFacts, more: Partial<GatewayPlanning> = {}) =>
  planGatewayStatus({ ...planning, ...more }, object, facts)?.status;

/** As the API server has it after the write: with a time on every condition. */
const toWritten = (status: unknown): object =>
  JSON.parse(JSON.stringify(status), (key, value: unknown) =>
    key === 'conditions' && Array.isArray(value)
      ? value.map((condition: object) => ({ lastTransitionTime: since, ...condition }))
      : value,
  );

/** Plans once more on what was planned. */
function settle(object: GatewayObject, facts: StatusFacts): unknown {
  const written = toWritten(plan(object, facts) ?? {});
  return plan({ ...object, status: { ...object.status, ...written } }, facts);
}

const toListener = (name: string) => ({
  name,
  supportedKinds: [],
  conditions: [holds('Accepted'), holds('Programmed')],
});
const refuse = (...names: readonly string[]): Partial<GatewayPlanning> => ({
  ports: {
    ...planning.ports,
    ofListener: (_owner, listener) =>
      names.includes(listener.name)
        ? {
            ...listener,
            conditions: [fails('Accepted', 'PortUnavailable'), fails('Programmed', 'PortUnavailable')],
          }
        : listener,
  },
});

describe('a Gateway', () => {
  const facts = toGatewayFacts([holds('Accepted')], {
    listeners: [
      { name: 'http', supportedKinds: [{ group, kind: 'HTTPRoute' }], conditions: [holds('Programmed')] },
    ],
    listenerSets: 1,
  });

  it('says where it is reached, what its listeners have, and for which generation', () => {
    expect(plan(toGateway(), facts)).toEqual({
      addresses: [
        { type: 'IPAddress', value: '192.0.2.7' },
        { type: 'Hostname', value: 'edge.example.com' },
      ],
      attachedListenerSets: 1,
      conditions: [
        { ...holds('Accepted'), observedGeneration: 3 },
        { ...holds('Programmed'), message: 'Traefik has what it says.', observedGeneration: 3 },
      ],
      listeners: [
        {
          name: 'http',
          supportedKinds: [{ group, kind: 'HTTPRoute' }],
          attachedRoutes: 2,
          conditions: [{ ...holds('Programmed'), observedGeneration: 3 }],
        },
      ],
    });
  });

  it('is written for the object and the version that it was planned on, and is settled by it', () => {
    expect(planGatewayStatus(planning, toGateway(), facts)).toMatchObject({ base: '42', uid: 'u1' });
    expect(settle(toGateway(), facts)).toBeUndefined();
  });

  it('changes only the part that differs', () => {
    const written = toWritten(plan(toGateway(), facts));
    const more = plan(toGateway(written), facts, { attachedRoutes: () => 3 });
    expect(more).toEqual({ listeners: [expect.objectContaining({ attachedRoutes: 3 })] });
    expect(more).toMatchObject({ listeners: [{ conditions: [{ lastTransitionTime: since }] }] });
  });

  it('keeps the time of a condition exactly as long as its status', () => {
    const written = toWritten(plan(toGateway(), facts));
    const others = toGatewayFacts([{ ...holds('Accepted'), reason: 'ListenersNotValid' }], {
      listeners: [{ name: 'http', supportedKinds: [], conditions: [fails('Programmed', 'Invalid')] }],
    });
    const { conditions, listeners } = planned(toGateway(written), others);
    expect(conditions[0]).toMatchObject({ reason: 'ListenersNotValid', lastTransitionTime: since });
    expect(conditions[1]).toMatchObject({ type: 'Programmed', status: 'False', reason: 'Invalid' });
    expect(conditions[1]).not.toHaveProperty('lastTransitionTime');
    expect(listeners[0]?.conditions[0]).not.toHaveProperty('lastTransitionTime');
  });

  it('keeps what other programs have marked it with, and takes away what we once said', () => {
    const marked = { ...holds('example.com/Affected'), lastTransitionTime: since };
    const former = { ...holds('fairlead.dev/PortAllocated'), lastTransitionTime: since };
    const foreign = planned(toGateway({ conditions: [marked, former] }), facts);
    expect(foreign.conditions.map(({ type }: Condition) => type)).toEqual([
      'example.com/Affected',
      'Accepted',
      'Programmed',
    ]);
  });

  it('never has more than eight conditions', () => {
    const many = Array.from({ length: 8 }, (_, index) => holds(`example.com/${index}`));
    const { conditions } = planned(toGateway({ conditions: many }), facts);
    expect(conditions).toHaveLength(8);
    expect(conditions.slice(-2)).toMatchObject([{ type: 'Accepted' }, { type: 'Programmed' }]);
  });

  it('of a fleet without an address is not programmed, and says who can help', () => {
    const bare = { fleets: [{ ...fleet, addresses: [] }] };
    expect(plan(toGateway(), facts, bare)).toMatchObject({
      conditions: [
        { type: 'Accepted' },
        { type: 'Programmed', status: 'False', reason: 'AddressNotAssigned' },
      ],
    });
  });

  it('keeps its addresses while not all of the fleet are known', () => {
    const partial = {
      ...fleet,
      addresses: ['192.0.2.8'],
      lookedUp: { isComplete: false, fixed: [], former: [] },
    };
    const written = toWritten(plan(toGateway(), facts));
    expect(plan(toGateway(written), facts, { fleets: [partial] })).toEqual({
      addresses: [
        { type: 'IPAddress', value: '192.0.2.7' },
        { type: 'Hostname', value: 'edge.example.com' },
        { type: 'IPAddress', value: '192.0.2.8' },
      ],
    });
  });

  it('has only the addresses that it asks for', () => {
    const asked = toGatewayFacts([holds('Accepted')], { addresses: ['192.0.2.7'] });
    expect(plan(toGateway(), asked)).toMatchObject({ addresses: [{ value: '192.0.2.7' }] });
  });

  it('says the first reason where no listener is served', () => {
    const conditions = [fails('Programmed', 'PortUnavailable', 'Port 99 is taken.')];
    const refused = toGatewayFacts([holds('Accepted')], {
      listeners: [{ name: 'mysql', supportedKinds: [], conditions }],
    });
    const { conditions: said } = planned(toGateway(), refused);
    expect(said[1]).toMatchObject({ status: 'False', reason: 'Invalid' });
    expect(said[1]?.message).toContain('Port 99 is taken.');
  });

  describe.each(['Gateway', 'ListenerSet'] as const)('whose ports the ledger refuses, as a %s', (of) => {
    const listeners = [toListener('mysql'), toListener('dns')];
    const acceptedOf = (...names: readonly string[]): Condition | undefined => {
      const object = of === 'Gateway' ? toGateway() : toListenerSet();
      const stated = toGatewayFacts([holds('Accepted')], { of, listeners });
      return planned(object, stated, refuse(...names)).conditions.find(({ type }) => type === 'Accepted');
    };

    it('names the listeners that are not valid, and is not accepted without any other', () => {
      expect(acceptedOf()).toMatchObject({ status: 'True', reason: 'Accepted' });
      const some = acceptedOf('mysql');
      expect(some).toMatchObject({ status: 'True', reason: 'ListenersNotValid' });
      expect(some?.message).toContain('but for the listeners mysql: ');
      expect(acceptedOf('mysql', 'dns')).toMatchObject({ status: 'False', reason: 'ListenersNotValid' });
    });
  });

  it('that is not ours is left as it is', () => {
    expect(plan(toGateway({ conditions: [holds('Accepted')] }))).toBeUndefined();
  });
});

const gatewayClass = (status: object = {}): GatewayClass => ({
  kind: 'GatewayClass',
  meta: toMeta('GatewayClass', 'fairlead'),
  generation: 1,
  status: status as GatewayClass['status'],
  controller,
});

describe('a GatewayClass', () => {
  const accepted: StatusFacts = { of: 'GatewayClass', conditions: [holds('Accepted')] };

  it('claims what its fleets do, sorted, and is settled by that', () => {
    const { supportedFeatures } = planned(gatewayClass(), accepted);
    const names = supportedFeatures.map(({ name }) => name);
    expect(names).toContain('HTTPRoute');
    expect(names).toEqual(names.toSorted(compareText));
    expect(names).not.toContain('HTTPRoutePathRewrite');
    expect(settle(gatewayClass(), accepted)).toBeUndefined();
  });

  it('claims more with the plugin on every fleet', () => {
    const plugged: AddressedFleet = { ...fleet, plugins: ['gateway'] };
    const other: AddressedFleet = { ...fleet, name: 'other' };
    const feature = { name: 'HTTPRoutePathRewrite' };
    const only = planned(gatewayClass(), accepted, { fleets: [plugged] });
    expect(only.supportedFeatures).toContainEqual(feature);
    const both = planned(gatewayClass(), accepted, { fleets: [plugged, other] });
    expect(both.supportedFeatures).not.toContainEqual(feature);
  });

  it('claims nothing when it is refused', () => {
    const refused: StatusFacts = { of: 'GatewayClass', conditions: [fails('Accepted', 'InvalidParameters')] };
    expect(plan(gatewayClass(), refused)).not.toHaveProperty('supportedFeatures');
  });

  it('is not written again and again where the CRDs know no features', () => {
    const { conditions } = toWritten(plan(gatewayClass(), accepted)) as Record<string, unknown>;
    expect(plan(gatewayClass({ conditions }), accepted)).toBeUndefined();
  });
});

describe('a route', () => {
  const other = (name: string) => ({
    parentRef: { group, kind: 'Gateway', name },
    controllerName: 'traefik.io/gateway-controller',
    conditions: [{ ...holds('Accepted'), observedGeneration: 3, lastTransitionTime: since }],
  });
  const facts = toRouteFacts([
    toParent('gw', { sectionName: 'http' }),
    holds('Accepted'),
    holds('ResolvedRefs'),
  ]);

  it('answers each of its parents, with the reference as it is written', () => {
    expect(plan(toRoute(), facts)).toEqual({
      parents: [
        {
          parentRef: { group, kind: 'Gateway', name: 'gw', sectionName: 'http' },
          controllerName: controller,
          conditions: [
            { ...holds('Accepted'), observedGeneration: 3 },
            { ...holds('ResolvedRefs'), observedGeneration: 3 },
          ],
        },
      ],
    });
    expect(settle(toRoute(), facts)).toBeUndefined();
  });

  it('keeps the entries of other controllers, and drops ours for parents that it names no more', () => {
    const ours = { ...other('old'), controllerName: controller };
    const { parents } = planned(toRoute({ parents: [other('theirs'), ours] }), facts);
    expect(parents).toHaveLength(2);
    expect(parents[0]).toEqual(other('theirs'));
    expect(parents[1]?.parentRef.name).toBe('gw');
    expect(plan(toRoute({ parents: [other('theirs'), ours] }))).toEqual({ parents: [other('theirs')] });
  });

  it('is left as it is when it is none of ours, and was none', () => {
    expect(plan(toRoute({ parents: [other('theirs')] }))).toBeUndefined();
    expect(plan(toRoute())).toBeUndefined();
  });

  it('is not written because another controller has written, in whatever order', () => {
    const { parents } = toWritten(plan(toRoute(), facts)) as { readonly parents: readonly unknown[] };
    expect(plan(toRoute({ parents: [other('a'), ...parents, other('b')] }), facts)).toBeUndefined();
    expect(plan(toRoute({ parents: [...parents, other('a')] }), facts)).toBeUndefined();
  });

  it('is written for a new generation, with the times of the former', () => {
    const written = toWritten(plan(toRoute(), facts));
    expect(plan(toRoute(written, 4), facts)).toMatchObject({
      parents: [{ conditions: [{ observedGeneration: 4, lastTransitionTime: since }, {}] }],
    });
  });

  it('never has more than 32 parents, others first', () => {
    const others = Array.from({ length: 31 }, (_, index) => other(`other-${index}`));
    const many = toRouteFacts([toParent('a'), holds('Accepted')], [toParent('b'), holds('Accepted')]);
    const { parents } = planned(toRoute({ parents: others }), many);
    expect(parents).toHaveLength(32);
    const full = toWritten({ parents });
    expect(plan(toRoute(full), many)).toBeUndefined();
  });
});

const toPolicy = (status: object = {}): BackendTLSPolicy => ({
  kind: 'BackendTLSPolicy',
  meta: toMeta('BackendTLSPolicy'),
  generation: 3,
  status: status as BackendTLSPolicy['status'],
  targetRefs: [],
  validation: { caCertificateRefs: [], hostname: 'a.example.com', subjectAltNames: [] },
});

describe('a policy', () => {
  it('answers each of its ancestors, at most 16', () => {
    const ancestors = Array.from({ length: 20 }, (_, index) => ({
      ancestorRef: toParent(`gw-${index}`, { namespace: 'ns' }),
      conditions: [fails('Accepted', 'Conflicted')],
    }));
    const { ancestors: entries } = planned(toPolicy(), { of: 'Policy', ancestors });
    expect(entries).toHaveLength(16);
    expect(entries[0]).toEqual({
      ancestorRef: { group, kind: 'Gateway', namespace: 'ns', name: 'gw-0' },
      controllerName: controller,
      conditions: [{ ...fails('Accepted', 'Conflicted'), observedGeneration: 3 }],
    });
    expect(settle(toPolicy(), { of: 'Policy', ancestors })).toBeUndefined();
  });
});
