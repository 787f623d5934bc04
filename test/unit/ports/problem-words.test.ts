import { describe, expect, it } from 'vitest';
import type { Port } from '../../../src/model/port.ts';
import type { HeldPort, Holder, PortClaim } from '../../../src/model/ports.ts';
import { toGivenText, toHolderText, toTargetText } from '../../../src/ports/problem-words.ts';

const part = { kind: 'listener', name: 'mysql' } as const;

function claimOf(holder: Partial<Holder>, rest: Partial<PortClaim> = {}): PortClaim {
  return {
    fleet: 'f',
    holder: { source: 's', kind: 'ListenerSet', namespace: 'team-a', name: 'db', ...holder },
    servicePort: 1,
    pools: ['default'],
    protocols: ['tcp'],
    field: 'spec.listeners[0].port',
    ...rest,
  };
}

function heldBy(holder: Partial<Holder>, rest: Partial<HeldPort> = {}): HeldPort {
  const { field: _field, pools: _pools, ...identity } = claimOf(holder);
  return { ...identity, pool: 'default', port: 20_000 as Port, state: 'held', since: '', ...rest };
}

describe('the words of problems with pool ports', () => {
  it('name listeners and routes as what asks', () => {
    expect(toTargetText(claimOf({}, { part }))).toBe('listener mysql');
    expect(toTargetText(claimOf({ kind: 'TCPRoute' }))).toBe('the route');
    expect(toTargetText(claimOf({ kind: 'Service' }, { servicePort: 3306 }))).toBe('Service port 3306');
    expect(toGivenText(claimOf({}, { part }))).toMatch(/^name mysql in fairlead.dev\/allocate-port/);
    expect(toGivenText(claimOf({ kind: 'Service' }))).toMatch(/^remove the request/);
  });

  it('name the holder to a listener only where it is of the same namespace of the same source', () => {
    const claim = claimOf({});
    expect(toHolderText(claim, heldBy({ name: 'other' }, { part }))).toBe(
      'ListenerSet/team-a/other (listener mysql)',
    );
    expect(toHolderText(claim, heldBy({ kind: 'Service', name: 'b' }, { servicePort: 53 }))).toBe(
      'Service/team-a/b (port 53)',
    );
    expect(toHolderText(claim, heldBy({ kind: 'UDPRoute', name: 'b' }))).toBe('UDPRoute/team-a/b');
    expect(toHolderText(claim, heldBy({ namespace: 'team-b' }))).toBe('another namespace');
    expect(toHolderText(claim, heldBy({ source: 'other' }))).toBe('another namespace');
    const service = claimOf({ kind: 'Service' });
    expect(toHolderText(service, heldBy({ namespace: 'team-b' }, { part }))).toBe(
      'ListenerSet/team-b/db (listener mysql)',
    );
  });
});
