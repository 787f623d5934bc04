import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../../../src/model/object-ref.ts';
import { isPort, type Port } from '../../../../src/model/port.ts';
import { emptyLedger, noServicePort, type LedgerState, type PortClaim } from '../../../../src/model/ports.ts';
import { toProblem, type Problem } from '../../../../src/model/problem.ts';
import { pendingPort, type Condition } from '../../../../src/routes/status.ts';
import { PortConditions } from '../../../../src/write-back/plan/port-conditions.ts';
import { toFleetSettings } from '../../pipeline/addresses.ts';

const ref: ObjectRef = { source: 's', kind: 'ListenerSet', namespace: 'n', name: 'db' };
const base = {
  fleet: 'edge',
  holder: ref,
  part: { kind: 'listener', name: 'mysql' },
  servicePort: noServicePort,
} as const;
const claim: PortClaim = { ...base, pools: ['default'], protocols: ['tcp'], field: 'spec.listeners[0]' };
const refused = toProblem('pool-exhausted', ref, {
  field: claim.field,
  message: 'no port is free',
  hint: 'Wait.',
});
const fleet = toFleetSettings('edge', ['edge.example.com']);
const pooled = {
  ...fleet,
  pools: fleet.pools.map((pool) => ({
    ...pool,
    ranges: { tcp: { range: { from: toPort(20_000), to: toPort(20_009) }, entryPoint: 'tcp-{port}' } },
  })),
};
const held: LedgerState = {
  entries: [{ ...base, pool: 'default', port: toPort(20_000), protocols: ['tcp'], state: 'held', since: '' }],
};

function toPort(value: number): Port {
  if (!isPort(value)) throw new Error(String(value));
  return value;
}

const holds = (type: string, status: Condition['status'] = 'True', reason = type): Condition => ({
  type,
  status,
  reason,
  message: '',
});

/** `type status/reason` of each condition of the listener. */
function answer(
  ledger: LedgerState,
  problems: readonly Problem[],
  conditions = [holds('Accepted'), holds('Programmed')],
  claims: readonly PortClaim[] = [claim],
): readonly string[] {
  const state = { fleets: [pooled], ledger, claimsOf: () => claims, problems: () => problems };
  const listener = { name: 'mysql', supportedKinds: [], conditions };
  return new PortConditions(state)
    .ofListener(ref, listener)
    .conditions.map(({ type, status, reason }) => `${type} ${status}/${reason}`);
}

describe('what the status of a listener says of its pool port', () => {
  it('is where it is reached', () => {
    expect(answer(held, [])).toEqual([
      'Accepted True/Accepted',
      'Programmed True/Programmed',
      'fairlead.dev/PortAllocated True/Allocated',
    ]);
  });

  it('is why it has none', () => {
    expect(answer(emptyLedger, [refused])).toEqual([
      'Accepted False/PortUnavailable',
      'Programmed False/PortUnavailable',
      'fairlead.dev/PortAllocated False/PortUnavailable',
    ]);
  });

  it('is that it waits', () => {
    expect(answer(emptyLedger, [])).toEqual([
      'Accepted True/Accepted',
      'Programmed False/Pending',
      'fairlead.dev/PortAllocated False/Pending',
    ]);
  });

  it('leaves alone what is False for another reason, and listeners that ask for none', () => {
    const broken = [holds('Accepted'), holds('Programmed', 'False', 'Invalid')];
    expect(answer(held, [], broken)).toContain('Programmed False/Invalid');
    expect(answer(held, [], broken, [])).toEqual(['Accepted True/Accepted', 'Programmed False/Invalid']);
  });

  it('of a route is said for the parent that gives it a port', () => {
    const route: ObjectRef = { ...ref, kind: 'TCPRoute' };
    const { part: _part, ...whole } = claim;
    const state = {
      fleets: [pooled],
      ledger: emptyLedger,
      claimsOf: () => [{ ...whole, holder: route }],
      problems: () => [{ ...refused, subject: route }],
    };
    const parent = { parentRef: { group: '', kind: 'Gateway', name: 'edge', field: '' }, attached: [] };
    const ports = new PortConditions(state);
    const other = { ...parent, conditions: [holds('Accepted')] };
    expect(ports.ofParent(route, other)).toBe(other);
    expect(
      ports.ofParent(route, { ...parent, conditions: [holds('Accepted'), pendingPort] }).conditions,
    ).toEqual([
      holds('Accepted'),
      {
        type: 'fairlead.dev/PortAllocated',
        status: 'False',
        reason: 'PortUnavailable',
        message: 'No port is free. Wait.',
      },
    ]);
  });
});
