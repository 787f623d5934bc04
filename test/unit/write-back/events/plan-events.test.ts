import { expect, it } from 'vitest';

import { planEvents } from '../../../../src/write-back/events/plan-events.ts';
import { toState } from '../../ports/allocation/notation.ts';

function toLines(before: readonly string[], after: readonly string[]): readonly string[] {
  return planEvents(toState(before), toState(after)).map(
    ({ type, reason, about, note }) => `${type} ${reason} ${about.kind}/${about.name}: ${note}`,
  );
}

it('ports are told when they are given', () => {
  expect(toLines(['100 tcp a:80 held@1'], ['100 tcp a:80 held@1', '101 tcp+udp b:53 held@2'])).toEqual([
    'Normal PortAllocated Service/b: Port 53 is reached on TCP and UDP port 101 of the fleet default.',
  ]);
});

it.each([
  ['goes on being held', '100 tcp a:80 held@1', '100 tcp a:80 held@2'],
  ['is given back', '100 tcp a:80 held@1', '100 tcp a:80 resting@2'],
])('ports are not told when one %s', (_what, before, after) => {
  expect(toLines([before], [after])).toEqual([]);
});

it('ports are told again when they come back', () => {
  expect(toLines(['100 tcp a:80 resting@1'], ['100 tcp a:80 held@2'])).toHaveLength(1);
});

it('ports are told again when their holder is another one', () => {
  const state = toState(['100 tcp a:80 held@1', '101 tcp b:80 held@1']);
  expect(planEvents(state, state, new Set(['vms|ns/b'])).map(({ about }) => about.name)).toEqual(['b']);
});
