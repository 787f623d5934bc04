import { describe, expect, it } from 'vitest';
import { isPort, type Port } from '../../../src/model/port.ts';
import { noServicePort, type HeldPort, type PortClaim } from '../../../src/model/ports.ts';
import { toProblem, type Problem } from '../../../src/model/problem.ts';
import { toPortAnswer } from '../../../src/ports/port-answer.ts';
import { toPool } from './allocation/notation.ts';

const holder = { source: 's', kind: 'ListenerSet', namespace: 'team-a', name: 'db' };
const fleets = [
  { name: 'edge', addresses: ['edge.example.com', 'fd00::1'], pools: [toPool({ tcp: '100-199' })] },
  { name: 'inner', addresses: [], pools: [toPool({ tcp: '300-399' })] },
];

const claim = (fleet: string, requested?: number): PortClaim => ({
  fleet,
  holder,
  part: { kind: 'listener', name: 'mysql' },
  servicePort: noServicePort,
  pools: ['default'],
  protocols: ['tcp'],
  field: `spec.listeners[0]`,
  ...(requested !== undefined && { requested: port(requested) }),
});

const held = (fleet: string, number: number): HeldPort => {
  const { pools: _pools, field: _field, ...identity } = claim(fleet);
  return { ...identity, pool: 'default', port: port(number), state: 'held', since: '' };
};

const problem = (field: string, code: Problem['code'] = 'pool-exhausted'): Problem =>
  toProblem(code, holder, { field, message: `no port for ${field}`, hint: 'Wait.' });

function port(number: number): Port {
  if (!isPort(number)) throw new Error(String(number));
  return number;
}

describe('the answer to a listener that asks for a pool port', () => {
  it('says where it is reached', () => {
    const answer = toPortAnswer([claim('edge'), claim('inner')], {
      fleets,
      held: [held('edge', 120), held('inner', 320)],
      problems: [],
    });
    expect(answer).toEqual({
      kind: 'allocated',
      message: 'listening on edge.example.com:120/TCP, [fd00::1]:120/TCP, port 320/TCP',
    });
  });

  it('says why there is none, in the words of the problem', () => {
    const problems = [problem('spec.listeners[1]'), problem('spec.listeners[0]')];
    expect(toPortAnswer([claim('edge')], { fleets, held: [], problems })).toEqual({
      kind: 'refused',
      message: 'No port for spec.listeners[0]. Wait.',
    });
    const refused = [problem('spec.listeners', 'pool-refused')];
    expect(toPortAnswer([claim('edge')], { fleets, held: [], problems: refused })).toMatchObject({
      kind: 'refused',
    });
  });

  it('says what is missing beside what there is', () => {
    const problems = [problem('spec.listeners[0]')];
    expect(
      toPortAnswer([claim('edge'), claim('inner')], { fleets, held: [held('edge', 120)], problems }),
    ).toMatchObject({ message: expect.stringMatching(/120\/TCP.*; No port for/) });
  });

  it('waits where nothing is said against it', () => {
    expect(toPortAnswer([claim('edge')], { fleets, held: [], problems: [] })).toEqual({ kind: 'pending' });
  });

  it('does not take another number for the one that is asked for, nor one that no pool has', () => {
    const problems = [problem('spec.listeners[0]', 'port-request-refused')];
    const one = { fleets, held: [held('edge', 120)], problems };
    expect(toPortAnswer([claim('edge', 121)], one)).toMatchObject({ kind: 'refused' });
    const gone = {
      fleets,
      held: [held('edge', 250)],
      problems: [problem('spec.listeners[0]', 'pool-port-lost')],
    };
    expect(toPortAnswer([claim('edge')], gone)).toMatchObject({ kind: 'refused' });
  });
});
