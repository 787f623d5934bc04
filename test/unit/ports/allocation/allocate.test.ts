import { describe, expect, it } from 'vitest';

import { emptyLedger } from '../../../../src/model/ports.ts';
import { allocatePorts } from '../../../../src/ports/allocation/allocate.ts';
import { allocate, fromEntry, now, toClaim, toFleet, toState, type Situation } from './notation.ts';

interface Case extends Situation {
  readonly after: readonly string[];
  /** Code and a part of the message of each refusal. */
  readonly refused?: readonly (readonly [code: string, says: string])[];
  /** The minute of `nextExpiry`. */
  readonly relief?: number;
}

const tcp = { tcp: '100-103' };
const both = { tcp: '100-103', udp: '100-103' };
const banded = { tcp: '100-103', requestable: '102-103' };

const cases: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  'endpoints of one Service': {
    'each has a port of its own, beside that of the Service': {
      pool: tcp,
      claims: ['a:80 tcp', 'a:80/a-1 tcp', 'a:80/a-0 tcp'],
      after: ['100 tcp a:80/a-0 held@60', '101 tcp a:80/a-1 held@60', '102 tcp a:80 held@60'],
    },
    'one that is back has its port back, and none has that of another': {
      pool: tcp,
      before: ['100 tcp a:80/a-0 cooling@55', '101 tcp a:80/a-1 cooling@55'],
      claims: ['a:80/a-1 tcp', 'a:80/a-2 tcp'],
      after: ['100 tcp a:80/a-0 cooling@55', '101 tcp a:80/a-1 held@60', '102 tcp a:80/a-2 held@60'],
    },
    'one that was given back in the future cools down from now on: the clock has been put back': {
      pool: tcp,
      before: ['100 tcp x:80 cooling@119', '101 tcp y:80 cooling@59'],
      claims: ['a:80 tcp'],
      after: ['100 tcp x:80 cooling@60', '101 tcp y:80 cooling@59', '102 tcp a:80 held@60'],
    },
    'the port of one that is away goes to others last, and also after the cooldown back to it': {
      pool: { tcp: '100-101' },
      before: ['100 tcp a:80/a-1 cooling@10', '101 tcp x:80 cooling@30'],
      claims: ['a:80/a-0 tcp', 'a:80/a-1 tcp'],
      after: ['100 tcp a:80/a-1 held@60', '101 tcp a:80/a-0 held@60'],
    },
    'while its Service asks, another Service has it only when there is nothing else': {
      pool: { tcp: '100-102' },
      before: ['100 tcp b:80/b-1 cooling@10', '101 tcp x:80 cooling@30', '102 tcp b:80/b-0 held@1'],
      claims: ['a:80 tcp', 'b:80/b-0 tcp'],
      after: ['100 tcp b:80/b-1 cooling@10', '101 tcp a:80 held@60', '102 tcp b:80/b-0 held@1'],
    },
    'and once its Service does not ask it goes like any other': {
      pool: { tcp: '100-101' },
      before: ['100 tcp b:80/b-1 cooling@10', '101 tcp x:80 cooling@30'],
      claims: ['a:80 tcp'],
      after: ['100 tcp a:80 held@60', '101 tcp x:80 cooling@30'],
    },
    'a problem names the endpoint': {
      pool: { tcp: '100-100' },
      before: ['100 tcp a:80/a-0 held@1'],
      claims: ['a:80/a-0 tcp', 'a:80/a-1 tcp 100'],
      after: ['100 tcp a:80/a-0 held@1'],
      refused: [
        [
          'port-request-refused',
          'requested for Service port 80 of endpoint a-1, is held by Service/ns/a (port 80 of endpoint a-0)',
        ],
      ],
    },
  },
  'handing out': {
    'the lowest ports go to the oldest Services': {
      pool: tcp,
      claims: ['b:80 tcp', 'a:80 tcp', 'a:22 tcp'],
      after: ['100 tcp a:22 held@60', '101 tcp a:80 held@60', '102 tcp b:80 held@60'],
    },
    'a never-used port goes before one that has cooled down': {
      pool: tcp,
      before: ['100 tcp x:80 cooling@10'],
      claims: ['a:80 tcp'],
      after: ['100 tcp x:80 cooling@10', '101 tcp a:80 held@60'],
    },
    'of ports that have cooled down the one given back first goes first': {
      pool: { tcp: '100-101' },
      before: ['100 tcp x:80 cooling@20', '101 tcp y:80 cooling@10'],
      claims: ['a:80 tcp'],
      after: ['100 tcp x:80 cooling@20', '101 tcp a:80 held@60'],
    },
    'an exhausted pool moves nothing, and the younger Service waits': {
      pool: { tcp: '100-100' },
      before: ['100 tcp z:80 held@1'],
      claims: ['a:80 tcp', 'z:80 tcp'],
      after: ['100 tcp z:80 held@1'],
      refused: [['pool-exhausted', 'No port is free in the TCP pool 100-100 of fleet default']],
    },
    'ports of the requestable band are never handed out': {
      pool: banded,
      before: ['100 tcp x:80 held@1', '101 tcp y:80 held@1'],
      claims: ['a:80 tcp', 'x:80 tcp', 'y:80 tcp'],
      after: ['100 tcp x:80 held@1', '101 tcp y:80 held@1'],
      refused: [['pool-exhausted', '102-103 is for requests only']],
    },
    'a port that another claim asks for is left to it while there are others': {
      pool: tcp,
      claims: ['a:80 tcp', 'b:80 tcp 100'],
      after: ['100 tcp b:80 held@60', '101 tcp a:80 held@60'],
    },
    'and goes to the older Service when there is no other': {
      pool: { tcp: '100-100' },
      claims: ['a:80 tcp', 'b:80 tcp 100'],
      after: ['100 tcp a:80 held@60'],
      refused: [['port-request-refused', 'is held by Service/ns/a (port 80) on TCP']],
    },
  },
  'giving back and coming again': {
    'what is not claimed any more cools down': {
      pool: tcp,
      before: ['100 tcp a:80 held@1'],
      claims: [],
      after: ['100 tcp a:80 cooling@60'],
    },
    'a port that cools down goes to nobody else': {
      pool: { tcp: '100-100' },
      before: ['100 tcp x:80 cooling@55'],
      claims: ['a:80 tcp'],
      after: ['100 tcp x:80 cooling@55'],
      refused: [['pool-exhausted', 'the next has cooled down at 2026-01-01T01:05:00.000Z']],
      relief: 65,
    },
    'but to the Service that had it': {
      pool: tcp,
      before: ['102 tcp a:80 cooling@55'],
      claims: ['a:80 tcp'],
      after: ['102 tcp a:80 held@60'],
    },
    'also long afterwards, when it is still free': {
      pool: tcp,
      before: ['102 tcp a:80 cooling@5'],
      claims: ['a:80 tcp'],
      after: ['102 tcp a:80 held@60'],
    },
    'of two ports that it had it gets the last one': {
      pool: tcp,
      before: ['101 tcp a:80 cooling@50', '102 tcp a:80 cooling@55'],
      claims: ['a:80 tcp'],
      after: ['101 tcp a:80 cooling@50', '102 tcp a:80 held@60'],
    },
    'a newcomer leaves it to the Service that comes again': {
      pool: tcp,
      before: ['100 tcp z:80 cooling@5'],
      claims: ['a:80 tcp', 'z:80 tcp'],
      after: ['100 tcp z:80 held@60', '101 tcp a:80 held@60'],
    },
    'a port of the band, once cooled down, must be asked for again': {
      pool: banded,
      before: ['102 tcp a:80 cooling@5', '103 tcp b:80 cooling@55'],
      claims: ['a:80 tcp', 'b:80 tcp'],
      after: ['100 tcp a:80 held@60', '102 tcp a:80 cooling@5', '103 tcp b:80 held@60'],
    },
    'nothing is freed while its source is not synced': {
      pool: tcp,
      before: ['100 tcp a:80 held@1', '101 tcp b:80 held@1'],
      claims: [],
      keep: ['a'],
      after: ['100 tcp a:80 held@1', '101 tcp b:80 cooling@60'],
    },
    'nor moved': {
      pool: tcp,
      before: ['100 tcp a:80 held@1'],
      claims: ['a:80 tcp 103'],
      keep: ['a'],
      after: ['100 tcp a:80 held@1'],
    },
  },
  'asking for a port': {
    'it is given': {
      pool: banded,
      claims: ['a:80 tcp 103'],
      after: ['103 tcp a:80 held@60'],
    },
    'one that is held is refused, with no other in its stead': {
      pool: tcp,
      before: ['101 tcp x:80 held@1'],
      claims: ['a:80 tcp 101', 'x:80 tcp'],
      after: ['101 tcp x:80 held@1'],
      refused: [['port-request-refused', 'held by Service/ns/x (port 80) on TCP']],
    },
    'one that cools down is refused until then': {
      pool: tcp,
      before: ['101 tcp x:80 cooling@55'],
      claims: ['a:80 tcp 101'],
      after: ['101 tcp x:80 cooling@55'],
      refused: [['port-request-refused', 'cooling down until 2026-01-01T01:05:00.000Z after Service/ns/x']],
      relief: 65,
    },
    'one outside the pool is refused': {
      pool: tcp,
      claims: ['a:80 tcp 99'],
      after: [],
      refused: [['port-request-refused', 'is outside the TCP pool 100-103 of fleet default']],
    },
    'one outside the band is refused': {
      pool: banded,
      claims: ['a:80 tcp 100'],
      after: [],
      refused: [
        ['port-request-refused', 'outside 102-103, the ports of fleet default that may be requested'],
      ],
    },
    'a refused request leaves the port that is held': {
      pool: banded,
      before: ['100 tcp a:80 held@1'],
      claims: ['a:80 tcp 101'],
      after: ['100 tcp a:80 held@1'],
      refused: [['port-request-refused', 'pool port 100 is kept']],
    },
    'a Service that holds another port moves, and the old one rests': {
      pool: tcp,
      before: ['100 tcp a:80 held@1'],
      claims: ['a:80 tcp 103'],
      after: ['100 tcp a:80 cooling@60', '103 tcp a:80 held@60'],
    },
    'a request that is taken away leaves the port where it is': {
      pool: banded,
      before: ['103 tcp a:80 held@1'],
      claims: ['a:80 tcp'],
      after: ['103 tcp a:80 held@1'],
    },
    'of two that ask for one port the older gets it': {
      pool: tcp,
      claims: ['b:80 tcp 101', 'a:80 tcp 101'],
      after: ['101 tcp a:80 held@60'],
      refused: [['port-request-refused', 'held by Service/ns/a (port 80)']],
    },
    'a Service may name a port of its own that cools down for another of its ports': {
      pool: tcp,
      before: ['101 tcp a:80 held@1'],
      claims: ['a:81 tcp 101'],
      after: ['101 tcp a:81 held@60'],
    },
    'two ports of a Service move along in one pass, whatever their order': {
      pool: tcp,
      before: ['100 tcp a:82 held@1', '101 tcp a:81 held@1'],
      claims: ['a:80 tcp 101', 'a:81 tcp 100', 'a:82 tcp 102'],
      after: ['100 tcp a:81 held@60', '101 tcp a:80 held@60', '102 tcp a:82 held@60'],
    },
    'two Services cannot swap their ports': {
      pool: tcp,
      before: ['100 tcp a:80 held@1', '101 tcp b:80 held@1'],
      claims: ['a:80 tcp 101', 'b:80 tcp 100'],
      after: ['100 tcp a:80 held@1', '101 tcp b:80 held@1'],
      refused: [
        ['port-request-refused', 'held by Service/ns/b'],
        ['port-request-refused', 'held by Service/ns/a'],
      ],
    },
  },
  'TCP and UDP': {
    'both protocols of one Service port get the same number': {
      pool: both,
      before: ['100 tcp x:1 held@1', '101 udp y:1 held@1'],
      claims: ['a:53 tcp+udp', 'x:1 tcp', 'y:1 udp'],
      after: ['100 tcp x:1 held@1', '101 udp y:1 held@1', '102 tcp+udp a:53 held@60'],
    },
    'a number that has another Service on UDP is handed out last': {
      pool: { tcp: '100-101', udp: '100-101' },
      before: ['100 udp x:1 held@1', '101 tcp y:1 cooling@5'],
      claims: ['a:80 tcp', 'b:80 tcp', 'x:1 udp'],
      after: ['100 tcp b:80 held@60', '100 udp x:1 held@1', '101 tcp a:80 held@60'],
    },
    'two Services may ask for the two protocols of one number': {
      pool: both,
      claims: ['a:53 tcp 101', 'b:53 udp 101'],
      after: ['101 tcp a:53 held@60', '101 udp b:53 held@60'],
    },
    'a protocol that comes later gets the same number': {
      pool: both,
      before: ['101 tcp a:53 held@1'],
      claims: ['a:53 tcp+udp'],
      after: ['101 tcp+udp a:53 held@1'],
    },
    'or nothing, when that is taken': {
      pool: both,
      before: ['101 tcp a:53 held@1', '101 udp x:1 held@1'],
      claims: ['a:53 tcp+udp', 'x:1 udp'],
      after: ['101 tcp a:53 held@1', '101 udp x:1 held@1'],
      refused: [['port-request-refused', 'cannot have it on its other protocol: it is held by Service/ns/x']],
    },
    'a protocol that is dropped cools down': {
      pool: both,
      before: ['101 tcp+udp a:53 held@1'],
      claims: ['a:53 tcp'],
      after: ['101 tcp a:53 held@1', '101 udp a:53 cooling@60'],
    },
    'a port that changes its protocol keeps its number': {
      pool: both,
      before: ['102 tcp a:53 held@1'],
      claims: ['a:53 udp'],
      after: ['102 tcp a:53 cooling@60', '102 udp a:53 held@60'],
    },
    'the protocol that has a pool is served when the other has none': {
      pool: tcp,
      claims: ['a:53 tcp+udp'],
      after: ['100 tcp a:53 held@60'],
      refused: [['pool-exhausted', 'gets no UDP port: fleet default has no UDP pool']],
    },
    'pools without a common number serve no port on both': {
      pool: { tcp: '100-101', udp: '200-201' },
      claims: ['a:53 tcp+udp'],
      after: [],
      refused: [['pool-exhausted', 'No port is free in both the TCP pool 100-101 and the UDP pool 200-201']],
    },
  },
  'changed settings': {
    'a smaller pool keeps what still lies in it, and keeps the others for their holders': {
      pool: { tcp: '100-101' },
      before: ['100 tcp a:80 held@1', '103 tcp b:80 held@1'],
      claims: ['a:80 tcp', 'b:80 tcp'],
      after: ['100 tcp a:80 held@1', '103 tcp b:80 held@1'],
      refused: [['pool-port-lost', 'Pool port 103 is kept for Service port 80 but not routed']],
    },
    'a lost port is left by asking for another': {
      pool: { tcp: '100-101' },
      before: ['103 tcp b:80 held@1'],
      claims: ['b:80 tcp 101'],
      after: ['101 tcp b:80 held@60', '103 tcp b:80 cooling@60'],
    },
    'a pool that is not configured any more is left untouched': {
      pool: tcp,
      before: ['100 tcp+udp a:53 held@1', '101 udp b:53 held@1', '102 udp c:53 cooling@55'],
      claims: ['a:53 tcp+udp'],
      after: ['100 tcp+udp a:53 held@1', '101 udp b:53 held@1', '102 udp c:53 cooling@55'],
      refused: [['pool-port-lost', 'the UDP pool of fleet default no longer has it']],
    },
    'a band that moves away leaves held ports alone': {
      pool: banded,
      before: ['100 tcp a:80 held@1'],
      claims: ['a:80 tcp 100'],
      after: ['100 tcp a:80 held@1'],
    },
  },
  'the quota of a namespace': {
    'counts ports, both protocols of a number once': {
      pool: { ...both, maxPerNamespace: 2 },
      before: ['100 tcp+udp a:53 held@1'],
      claims: ['a:53 tcp+udp', 'b:80 tcp', 'c:80 tcp'],
      after: ['100 tcp+udp a:53 held@1', '101 tcp b:80 held@60'],
      refused: [['port-quota-exceeded', 'namespace ns may have 2 of fleet default, and holds 2']],
    },
    'takes nothing away when it is lowered': {
      pool: { ...tcp, maxPerNamespace: 1 },
      before: ['100 tcp a:80 held@1', '101 tcp b:80 held@1'],
      claims: ['a:80 tcp', 'b:80 tcp'],
      after: ['100 tcp a:80 held@1', '101 tcp b:80 held@1'],
    },
    'counts what cools down against who gave it back': {
      pool: { ...tcp, maxPerNamespace: 1 },
      before: ['100 tcp a:80 cooling@55'],
      claims: ['b:80 tcp'],
      after: ['100 tcp a:80 cooling@55'],
      refused: [
        [
          'port-quota-exceeded',
          'may have 1 of fleet default, and holds 0, and 1 of its ports cool down; one more is free for it at 2026-01-01T01:05:00.000Z',
        ],
      ],
      relief: 65,
    },
    'no longer counts what has cooled down': {
      pool: { ...tcp, maxPerNamespace: 1 },
      before: ['100 tcp a:80 cooling@5'],
      claims: ['b:80 tcp'],
      after: ['100 tcp a:80 cooling@5', '101 tcp b:80 held@60'],
    },
    'lets who gave a port back have it again': {
      pool: { ...tcp, maxPerNamespace: 1 },
      before: ['100 tcp a:80 cooling@55'],
      claims: ['a:80 tcp'],
      after: ['100 tcp a:80 held@60'],
    },
    'has to have room for a move, which leaves a port behind': {
      pool: { ...tcp, maxPerNamespace: 1 },
      before: ['100 tcp a:80 held@1'],
      claims: ['a:80 tcp 103'],
      after: ['100 tcp a:80 held@1'],
      refused: [['port-quota-exceeded', 'Service port 80 does not move, and keeps pool port 100:']],
    },
    'lets a port move back to one that it left': {
      pool: { ...tcp, maxPerNamespace: 2 },
      before: ['100 tcp a:80 cooling@55', '101 tcp a:80 held@55'],
      claims: ['a:80 tcp 100'],
      after: ['100 tcp a:80 held@60', '101 tcp a:80 cooling@60'],
    },
    'counts a number once that two Services have on its protocols': {
      pool: { ...both, maxPerNamespace: 2 },
      before: ['100 tcp a:53 held@1', '100 udp b:53 held@1'],
      claims: ['a:53 tcp', 'b:53 udp', 'c:80 tcp'],
      after: ['100 tcp a:53 held@1', '100 udp b:53 held@1', '101 tcp c:80 held@60'],
    },
  },
  'moving often': {
    'is held up while three of its ports cool down': {
      pool: { tcp: '100-109' },
      before: [
        '100 tcp a:80 cooling@55',
        '101 tcp a:80 cooling@56',
        '102 tcp a:80 cooling@57',
        '103 tcp a:80 held@57',
      ],
      claims: ['a:80 tcp 104'],
      after: [
        '100 tcp a:80 cooling@55',
        '101 tcp a:80 cooling@56',
        '102 tcp a:80 cooling@57',
        '103 tcp a:80 held@57',
      ],
      refused: [
        [
          'port-request-refused',
          'Pool port 104, requested for Service port 80, is not given before 2026-01-01T01:05:00.000Z, since 3 ports that it gave back still cool down; pool port 103 is kept',
        ],
      ],
      relief: 65,
    },
    'may go back all the same': {
      pool: { tcp: '100-109' },
      before: [
        '100 tcp a:80 cooling@55',
        '101 tcp a:80 cooling@56',
        '102 tcp a:80 cooling@57',
        '103 tcp a:80 held@57',
      ],
      claims: ['a:80 tcp 101'],
      after: [
        '100 tcp a:80 cooling@55',
        '101 tcp a:80 held@60',
        '102 tcp a:80 cooling@57',
        '103 tcp a:80 cooling@60',
      ],
    },
  },
  'another Service port': {
    'gets what its Service gave up with the number before': {
      pool: tcp,
      before: ['102 tcp a:80 held@1'],
      claims: ['a:81 tcp'],
      after: ['102 tcp a:81 held@60'],
    },
    'of several in their order, and a new one after them': {
      pool: tcp,
      before: ['101 tcp a:80 held@1', '102 tcp a:22 held@1'],
      claims: ['a:122 tcp', 'a:180 tcp', 'a:200 tcp'],
      after: ['100 tcp a:200 held@60', '101 tcp a:180 held@60', '102 tcp a:122 held@60'],
    },
    'leaves alone what another one still asks for': {
      pool: tcp,
      before: ['102 tcp a:80 cooling@55'],
      claims: ['a:22 tcp', 'a:80 tcp'],
      after: ['100 tcp a:22 held@60', '102 tcp a:80 held@60'],
    },
    'and what another Service gave up': {
      pool: tcp,
      before: ['102 tcp b:80 held@1'],
      claims: ['a:81 tcp'],
      after: ['100 tcp a:81 held@60', '102 tcp b:80 cooling@60'],
    },
  },
};

describe.each(Object.entries(cases))('%s', (_, group) => {
  it.each(Object.entries(group))('%s', (__, { after, refused = [], relief, ...situation }) => {
    const allocation = allocate(situation);
    expect(allocation.ledger.entries.map(fromEntry)).toEqual(after);
    expect(allocation.refused.map(({ code, message }) => [code, message])).toEqual(
      refused.map(([code, says]) => [code, expect.stringContaining(says)]),
    );
    expect(allocation.nextExpiry).toBe(
      relief === undefined ? null : Date.parse('2026-01-01T00:00:00Z') + relief * 60_000,
    );
  });
});

describe('an allocation', () => {
  const base = { now, keep: () => false };

  it('prefers the Service that was created first, and those without a time come last', () => {
    const { ledger } = allocatePorts({
      ...base,
      claims: [
        toClaim('a:80 tcp'),
        { ...toClaim('b:80 tcp'), created: '2025-01-01T00:00:00Z' },
        { ...toClaim('c:80 tcp'), created: '2024-01-01T00:00:00Z' },
      ],
      ledger: emptyLedger,
      fleets: [toFleet({ tcp: '100-102' })],
    });
    expect(ledger.entries.map(({ port, holder }) => [port, holder.name])).toEqual([
      [100, 'c'],
      [101, 'b'],
      [102, 'a'],
    ]);
  });

  it('gives each fleet its own ports, and leaves those of a fleet that is not configured', () => {
    const before = toState(['100 tcp a:80 held@1']);
    const gone = { entries: before.entries.map((entry) => ({ ...entry, fleet: 'gone' })) };
    const { ledger, refused } = allocatePorts({
      ...base,
      claims: [
        { ...toClaim('a:80 tcp'), fleet: 'one' },
        { ...toClaim('a:80 tcp'), fleet: 'two' },
        { ...toClaim('b:80 tcp'), fleet: 'gone' },
      ],
      ledger: gone,
      fleets: [toFleet({ tcp: '100-102' }, 'one'), toFleet({ tcp: '100-102' }, 'two')],
    });
    expect(ledger.entries.map(({ fleet, port, state }) => [fleet, port, state])).toEqual([
      ['gone', 100, 'held'],
      ['one', 100, 'held'],
      ['two', 100, 'held'],
    ]);
    expect(refused.map(({ message }) => message)).toEqual([
      'Service port 80 gets no TCP port: fleet gone is not configured',
    ]);
  });

  it('ends no cooldown earlier because the clock was put forward, and writes the time of now all the same', () => {
    const claims = [toClaim('a:80 tcp')];
    const ledger = toState(['100 tcp x:80 cooling@45', '101 tcp y:80 held@1']);
    const fleets = [toFleet({ tcp: '100-101' })];
    const { ledger: after, ...rest } = allocatePorts({ ...base, claims, ledger, fleets, lagMs: 600_000 });
    expect(after.entries.map(fromEntry)).toEqual(['100 tcp x:80 cooling@45', '101 tcp y:80 cooling@60']);
    expect(rest.nextExpiry).toBe(now - 5 * 60_000);
    const without = allocatePorts({ ...base, claims, ledger, fleets, lagMs: 0 });
    expect(without.ledger.entries.map(fromEntry)).toEqual([
      '100 tcp a:80 held@60',
      '101 tcp y:80 cooling@60',
    ]);
  });

  it('is the very ledger of its input when nothing changes', () => {
    const ledger = toState(['100 tcp a:80 held@1', '101 tcp b:80 cooling@5']);
    const fleets = [toFleet({ tcp: '100-102' })];
    expect(allocatePorts({ ...base, claims: [toClaim('a:80 tcp')], ledger, fleets }).ledger).toBe(ledger);
  });

  it('tells a refusal about its Service, with the field that asks and how to mend it', () => {
    const { refused } = allocate({
      pool: { tcp: '100-103', requestable: '102-103' },
      claims: ['a:80 tcp 100'],
    });
    expect(refused).toEqual([
      {
        severity: 'error',
        code: 'port-request-refused',
        subject: { source: 'vms', kind: 'Service', namespace: 'ns', name: 'a' },
        field: 'metadata.annotations[fairlead.dev/expose]',
        message:
          'Pool port 100, requested for Service port 80, is outside 102-103, the ports of fleet default that may be requested',
        hint: 'Request another port of 102-103, or remove the request to be given a port.',
      },
    ]);
  });
});
