import { expect, it } from 'vitest';

import { toObjectKey } from '../../../../src/model/object-ref.ts';
import { planPortEvents } from '../../../../src/write-back/events/plan-port-events.ts';
import { toState } from '../../ports/allocation/notation.ts';

const toUid = ({ name }: { readonly name: string }): string => `uid of ${name}`;

function toLines(before: readonly string[], after: readonly string[]): readonly string[] {
  return planPortEvents(toState(before), toState(after), new Set(), toUid).map(
    ({ type, reason, about, uid, note }) => `${type} ${reason} ${about.kind}/${about.name} (${uid}): ${note}`,
  );
}

it('there is an Event of a port that is given', () => {
  expect(toLines(['100 tcp a:80 held@1'], ['100 tcp a:80 held@1', '101 tcp+udp b:53 held@2'])).toEqual([
    'Normal PortAllocated Service/b (uid of b): Port 53 is reached on TCP and UDP port 101 of the fleet default.',
  ]);
});

it.each([
  ['goes on being held', '100 tcp a:80 held@1', '100 tcp a:80 held@2'],
  ['is given back', '100 tcp a:80 held@1', '100 tcp a:80 cooling@2'],
])('there is none of a port that %s', (_what, before, after) => {
  expect(toLines([before], [after])).toEqual([]);
});

it('there is another when it comes back', () => {
  expect(toLines(['100 tcp a:80 cooling@1'], ['100 tcp a:80 held@2'])).toHaveLength(1);
});

it('there is another when another Service has the name of the holder', () => {
  const state = toState(['100 tcp a:80 held@1', '101 tcp b:80 held@1']);
  expect(
    planPortEvents(
      state,
      state,
      new Set([toObjectKey({ source: 'vms', kind: 'Service', namespace: 'ns', name: 'b' })]),
      toUid,
    ).map(({ about }) => about.name),
  ).toEqual(['b']);
});
