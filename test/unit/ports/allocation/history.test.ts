import { describe, expect, it } from 'vitest';

import type { LedgerEntry, LedgerState } from '../../../../src/model/ports.ts';
import { byEnd, withHistory } from '../../../../src/ports/allocation/history.ts';
import { allocate, toEntry, toPort, toState } from './notation.ts';

function listHistory({ history = [] }: LedgerState): readonly string[] {
  return history.map(({ port, protocols, holder, servicePort, since, until }) => {
    const times = [since, until].map((time) => new Date(time).getUTCMinutes());
    return `${port} ${protocols.join('+')} ${holder.name}:${servicePort} ${times.join('-')}`;
  });
}

const until = '2026-01-01T00:59:00.000Z';

it('what is not held any more is kept, from when to when', () => {
  const after = toState(['100 tcp a:80 cooling@59', '101 tcp+udp b:53 held@2']);
  const before = toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 held@2']);
  expect(listHistory(withHistory(before, after, until))).toEqual(['100 tcp a:80 1-59']);
});

it('one protocol of two, and the number that was left', () => {
  const before = toState(['100 tcp+udp a:53 held@1', '101 tcp b:80 held@2']);
  const after = toState(['100 tcp a:53 held@1', '100 udp a:53 cooling@59', '102 tcp b:80 held@59']);
  expect(listHistory(withHistory(before, after, until))).toEqual(['100 udp a:53 1-59', '101 tcp b:80 2-59']);
});

it('nothing is kept while nothing ends', () => {
  const before = toState(['100 tcp a:80 cooling@1']);
  const after = toState(['100 tcp a:80 held@2']);
  expect(withHistory(before, after, until)).toBe(after);
  expect(withHistory(before, before, until)).toBe(before);
});

it('an allocation writes it', () => {
  const { ledger } = allocate({ pool: { tcp: '100-103' }, before: ['100 tcp a:80 held@1'], claims: [] });
  expect(ledger.history).toMatchObject([{ port: 100, since: '2026-01-01T00:01:00.000Z' }]);
});

/** So many ports of so many namespaces were held and are not any more, one time after the other. */
function end(times: number, toPlace: (index: number) => { port: number; namespace: string }): LedgerState {
  let state: LedgerState = toState([]);
  for (let index = 0; index < times; index += 1) {
    const { port, namespace } = toPlace(index);
    const entry = toEntry(`${port} tcp a:80 held@1`);
    const held: LedgerEntry = { ...entry, port: toPort(port), holder: { ...entry.holder, namespace } };
    const time = new Date(Date.parse(until) + index).toISOString();
    state = withHistory({ ...state, entries: [held] }, { ...state, entries: [] }, time);
  }
  return state;
}

describe('the history is bounded', () => {
  it('by port', () => {
    const { history = [] } = end(20, (index) => ({ port: 100, namespace: `n${index}` }));
    expect(history.map(({ holder }) => holder.namespace)).toEqual(['n15', 'n16', 'n17', 'n18', 'n19']);
  });

  it('by namespace, so that one does not push out the others', () => {
    const { history = [] } = end(200, (index) => ({
      port: 1_000 + index,
      namespace: index === 0 ? 'quiet' : 'loud',
    }));
    expect(history.filter(({ holder }) => holder.namespace === 'loud')).toHaveLength(50);
    expect(history[0]?.holder.namespace).toBe('quiet');
  });

  it('in all, and stays in order', () => {
    const { history = [] } = end(700, (index) => ({ port: 1_000 + index, namespace: `n${index % 50}` }));
    expect(history).toHaveLength(500);
    expect(history).toEqual(history.toSorted(byEnd));
  });
});
