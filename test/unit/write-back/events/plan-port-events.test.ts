import { expect, it } from 'vitest';

import { toObjectKey, type ObjectKey } from '../../../../src/model/object-ref.ts';
import type { LedgerState } from '../../../../src/model/ports.ts';
import type { EventContent } from '../../../../src/write-back/events/event.ts';
import { planPortEvents } from '../../../../src/write-back/events/plan-port-events.ts';
import { toFleetSettings, toService } from '../../pipeline/addresses.ts';
import { toState } from '../../ports/allocation/notation.ts';

interface Present {
  readonly addresses?: readonly string[];
  /** The Service that is not there. */
  readonly gone?: string;
  readonly replaced?: readonly string[];
}

const toKey = (name: string): ObjectKey =>
  toObjectKey({ source: 'vms', kind: 'Service', namespace: 'ns', name });

function plan(before: LedgerState, after: LedgerState, present: Present = {}): readonly EventContent[] {
  const { addresses = ['edge.example.com'], gone = '', replaced = [] } = present;
  const { meta, ...service } = toService('vms');
  const rebuilt = {
    fleets: [toFleetSettings('default', addresses)],
    ledger: after,
    lastAnnounced: after,
    object: (key: string) =>
      key === toKey(gone) ? undefined : { ...service, meta: { ...meta, uid: `uid of ${key}` } },
    portUsersOf: (holder: ObjectKey) => [holder],
  };
  return planPortEvents(before, rebuilt, new Set(replaced.map(toKey)));
}

function toLines(before: readonly string[], after: readonly string[], present?: Present): readonly string[] {
  return plan(toState(before), toState(after), present).map(
    ({ reason, about, note }) => `${reason} ${about.name}: ${note}`,
  );
}

it.each<[what: string, before: readonly string[], after: readonly string[], line: string]>([
  [
    'allocated',
    ['100 tcp a:80 held@1'],
    ['100 tcp a:80 held@1', '101 tcp+udp b:53 held@2'],
    'PortAllocated b: Port 53 is reached on TCP and UDP port 101 of the fleet default, edge.example.com:101.',
  ],
  [
    'given back to its Service',
    ['100 tcp a:80 cooling@1'],
    ['100 tcp a:80 held@2'],
    'PortReturned a: Port 80 is reached again on TCP port 100 of the fleet default, edge.example.com:100.',
  ],
  [
    'moved',
    ['100 tcp a:80 held@1'],
    ['100 tcp a:80 cooling@2', '101 tcp a:80 held@2'],
    'PortMoved a: Port 80 has moved from port 100 to TCP port 101 of the fleet default, edge.example.com:101.',
  ],
  [
    'released',
    ['100 tcp a:80 held@1'],
    ['100 tcp a:80 cooling@2'],
    'PortReleased a: Port 80 is no longer reached on TCP port 100 of the fleet default, edge.example.com:100.',
  ],
])('there is one Event of a port that is %s', (_what, before, after, line) => {
  expect(toLines(before, after)).toEqual([line]);
});

it('it is about the object that is there', () => {
  expect(plan(toState([]), toState(['100 tcp a:80 held@1']))).toMatchObject([
    { type: 'Normal', action: 'Allocating', about: { kind: 'Service' }, uid: `uid of ${toKey('a')}` },
  ]);
});

it('there is none of a port that goes on being held', () => {
  expect(toLines(['100 tcp a:80 held@1'], ['100 tcp a:80 held@2'])).toEqual([]);
});

it('there is none of what a Service that is gone has released, though there is another of its name', () => {
  const before = ['100 tcp a:80 held@1', '101 tcp b:80 held@1'];
  const after = ['100 tcp a:80 cooling@2', '101 tcp b:80 cooling@2'];
  const line = expect.stringMatching(/^PortReleased b: /);
  expect(toLines(before, after, { gone: 'a' })).toEqual([line]);
  expect(toLines(before, after, { replaced: ['a'] })).toEqual([line]);
});

it('there is another when another Service has the name of the holder, and one only when its port changed, too', () => {
  const before = ['100 tcp a:80 held@1', '101 tcp b:80 held@1'];
  expect(toLines(before, before, { replaced: ['b'] })).toEqual([
    'PortAllocated b: Port 80 is reached on TCP port 101 of the fleet default, edge.example.com:101.',
  ]);
  const after = ['100 tcp a:80 held@1', '102 tcp b:80 held@2'];
  expect(toLines(before, after, { replaced: ['b'] })).toEqual([expect.stringMatching(/^PortMoved b: /)]);
});

const toNotes = (addresses: readonly string[]): readonly string[] =>
  toLines([], ['100 tcp a:80 held@1'], { addresses });

it('its text has addresses as far as there are any and they fit', () => {
  const start = 'PortAllocated a: Port 80 is reached on TCP port 100 of the fleet default';
  expect(toNotes([])).toEqual([`${start}.`]);
  expect(toNotes(['2001:db8::1', '192.0.2.1'])).toEqual([`${start}, [2001:db8::1]:100, 192.0.2.1:100.`]);
  expect(toNotes(['a', 'b', 'c', 'd', 'e'])).toEqual([`${start}, a:100, b:100, c:100 and 2 more.`]);
  expect(plan(toState([]), toState(['100 tcp a:80 held@1']), { addresses: ['a'.repeat(2_000)] })).toEqual([
    expect.objectContaining({ note: expect.stringMatching(/^.{1021}\.{3}$/) }),
  ]);
});
