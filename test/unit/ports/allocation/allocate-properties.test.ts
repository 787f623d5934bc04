import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toBank } from '../../../../src/model/bank.ts';
import type { PoolProtocol, Port } from '../../../../src/model/port.ts';
import {
  emptyLedger,
  isGatewayHolder,
  noServicePort,
  type LedgerEntry,
  type LedgerState,
  type PortClaim,
} from '../../../../src/model/ports.ts';
import {
  allocatePorts,
  type Allocation,
  type AllocationInput,
} from '../../../../src/ports/allocation/allocate.ts';
import { formatLedger, parseLedger } from '../../../../src/ports/ledger/ledger-document.ts';
import { toOpenBanks } from '../../../../src/ports/banks/open-banks.ts';
import { settleBanks } from '../../../../src/ports/banks/settle-banks.ts';
import {
  isHandedOut,
  isInPool,
  toCooledTime,
  type FleetPools,
} from '../../../../src/ports/allocation/pool.ts';
import { listRuns } from '../../../../src/ports/allocation/runs.ts';
import {
  isSameHolder,
  toClaimKey,
  toPortKey,
  toTenantKey,
  type PortKey,
} from '../../../../src/ports/claim.ts';
import { now, toFleet, toPool, toPort } from './notation.ts';
import { slowness } from '../../../support/slowness.ts';

interface Step {
  readonly passedMs: number;
  readonly claims: readonly PortClaim[];
  readonly fleets: readonly FleetPools[];
  readonly kept: readonly string[];
  /** The banks that the only host polls, of each fleet. */
  readonly polled: readonly number[];
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** What holds ports under each name: by their numbers, by their listeners, or as a whole. */
const kindOf: Readonly<Record<string, string>> = {
  c: 'ListenerSet',
  d: 'Gateway',
  e: 'TCPRoute',
  f: 'UDPRoute',
};

/** What a claim is for. Only Services ask for runs. */
function toTarget(
  name: string,
  servicePort: number,
  isInRun: boolean,
): Pick<PortClaim, 'contiguous' | 'part' | 'servicePort'> {
  switch (kindOf[name]) {
    case undefined:
      return { servicePort, ...(isInRun && { contiguous: true }) };
    case 'Gateway':
    case 'ListenerSet':
      return { servicePort: noServicePort, part: { kind: 'listener', name: `l${servicePort}` } };
    default:
      return { servicePort: noServicePort };
  }
}

const claim: fc.Arbitrary<PortClaim> = fc
  .record({
    fleet: fc.constantFrom('one', 'two'),
    name: fc.constantFrom(...names),
    namespace: fc.constantFrom('ns', 'other'),
    created: fc.option(fc.constantFrom('2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'), { nil: undefined }),
    servicePort: fc.constantFrom(53, 80, 81),
    protocols: fc.constantFrom<readonly PoolProtocol[]>(['tcp'], ['udp'], ['tcp', 'udp']),
    requested: fc.option(fc.integer({ min: 99, max: 112 }), { nil: undefined, freq: 2 }),
    pools: fc.constantFrom<readonly string[]>(
      ['default'],
      ['default', 'games'],
      ['games', 'default'],
      ['games'],
      [],
    ),
    pool: fc.option(fc.constantFrom('default', 'games'), { nil: undefined, freq: 3 }),
    isInRun: fc.boolean(),
  })
  .map(({ name, namespace, created, requested, pool, isInRun, servicePort, ...rest }) => ({
    ...rest,
    ...(pool !== undefined && { pool }),
    ...toTarget(name, servicePort, isInRun),
    holder: { source: 'vms', kind: kindOf[name] ?? 'Service', namespace, name },
    ...(created !== undefined && { created }),
    ...(requested !== undefined && { requested: toPort(requested) }),
    field: 'metadata.annotations[fairlead.dev/expose]',
  }));

const range = fc
  .tuple(fc.integer({ min: 100, max: 105 }), fc.integer({ min: 0, max: 4 }))
  .map(([from, size]) => `${from}-${from + size}`);

const fleet = (name: string): fc.Arbitrary<FleetPools> =>
  fc
    .record(
      {
        tcp: range,
        udp: range,
        requestable: fc.constantFrom('103-105', '100-101'),
        maxPerNamespace: fc.integer({ min: 1, max: 4 }),
        cooldownMs: fc.constantFrom(0, 1000),
        bank: fc.integer({ min: 1, max: 3 }),
        spare: fc.integer({ min: 0, max: 2 }),
        bankGraceMs: fc.constantFrom(400, 1_000_000),
        shrink: fc.boolean(),
      },
      { requiredKeys: ['cooldownMs'] },
    )
    .chain((notation) => fc.option(games, { nil: undefined }).map((more) => ({ notation, more })))
    .map(({ notation, more }) => ({
      name,
      pools: [toPool(notation), ...(more === undefined ? [] : [toPool(more, 'games')])],
    }));

/** Beside the ports of the other pool, and now and then in their place. */
const games = fc.record(
  {
    tcp: fc.constantFrom('110-112', '111-114'),
    udp: fc.constantFrom('110-112', '112-113'),
    requestable: fc.constantFrom('112-112', '110-111'),
    maxPerNamespace: fc.integer({ min: 1, max: 3 }),
    cooldownMs: fc.constantFrom(0, 800),
  },
  { requiredKeys: ['cooldownMs'] },
);

const step: fc.Arbitrary<Step> = fc.record({
  passedMs: fc.constantFrom(0, 1, 500, 1500),
  claims: fc.uniqueArray(claim, { selector: toClaimKey, maxLength: 12 }),
  fleets: fc.oneof({ weight: 4, arbitrary: fc.tuple(fleet('one'), fleet('two')) }, fc.tuple(fleet('one'))),
  kept: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(names)),
  polled: fc.oneof({ weight: 3, arbitrary: fc.constant([1, 2, 3]) }, fc.subarray([1, 2, 3, 4, 5])),
});

/** Runs a history and looks at each of its passes. */
function holds(check: (input: AllocationInput, result: Allocation) => void): void {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      let ledger: LedgerState = emptyLedger;
      let time = now;
      for (const { passedMs, claims, fleets, kept, polled } of steps) {
        time += passedMs;
        const keep = ({ name }: { readonly name: string }): boolean => kept.includes(name);
        const input = { claims, ledger, fleets, now: time, keep };
        const result = allocatePorts(input);
        check(input, result);
        const hosts = new Map([['edge-1', new Set([0, ...polled])]]);
        const polls = new Map(fleets.map(({ name }) => [name, hosts]));
        const about = { fleets, states: result.banks, polls, now: time, watchedSince: 0 };
        ledger = settleBanks({ ledger: result.ledger, ...about });
      }
    }),
    { numRuns: 200 },
  );
}

/** The entries by fleet, protocol and port; throws when two have one. */
function toEntries(state: LedgerState): ReadonlyMap<PortKey, LedgerEntry> {
  const entries = new Map<PortKey, LedgerEntry>();
  for (const entry of state.entries) {
    for (const protocol of entry.protocols) {
      const key = toPortKey(entry.fleet, protocol, entry.port);
      expect(entries.has(key), `${key} is there twice`).toBe(false);
      entries.set(key, entry);
    }
  }
  return entries;
}

describe('whatever happened before', () => {
  it('a port of a fleet and protocol has one holder', () => {
    holds((_, { ledger }) => toEntries(ledger));
  });

  it('the ledger is one that can be written and read again', () => {
    holds((_, { ledger }) => {
      expect(parseLedger(formatLedger(ledger), { location: 'x', wayOut: '' })).toEqual(ledger);
    });
  });

  it('the order of the claims does not matter', () => {
    holds((input, result) => {
      expect(allocatePorts({ ...input, claims: input.claims.toReversed() })).toEqual(result);
      expect(allocatePorts({ ...input, claims: input.claims.toSorted(() => 1) })).toEqual(result);
    });
  });

  it('a second pass changes nothing and says the same', () => {
    holds((input, result) => {
      const again = allocatePorts({ ...input, ledger: result.ledger });
      expect(again.ledger).toBe(result.ledger);
      expect(again).toEqual(result);
    });
  });

  it('a claimed port stays where it is, unless its Service asks for another', () => {
    holds((input, { ledger }) => {
      const after = toEntries(ledger);
      const claims = new Map(input.claims.map((one) => [toClaimKey(one), one]));
      for (const [key, entry] of toEntries(input.ledger)) {
        const claimed = claims.get(toClaimKey(entry));
        if (entry.state !== 'held' || claimed === undefined) continue;
        if (claimed.requested !== undefined && claimed.requested !== entry.port) continue;
        if (claimed.pool !== undefined && claimed.pool !== poolOf(input, entry)?.name) continue;
        const stays = claimed.protocols.some(
          (protocol) => key === toPortKey(entry.fleet, protocol, entry.port),
        );
        const home = input.ledger.entries.filter(
          (other) => other.state === 'held' && toClaimKey(other) === toClaimKey(entry),
        );
        if (stays && home.length === 1)
          expect(after.get(key)).toMatchObject({ state: 'held', holder: entry.holder });
      }
    });
  });

  it('a Service whose source is not synced keeps all that it holds', () => {
    holds((input, { ledger }) => {
      const after = toEntries(ledger);
      for (const [key, { state, holder }] of toEntries(input.ledger)) {
        if (state === 'held' && input.keep(holder)) expect(after.get(key)).toMatchObject({ state, holder });
      }
    });
  });

  it('a port changes hands only after it has cooled down', () => {
    holds((input, { ledger }) => {
      const before = toEntries(input.ledger);
      for (const [key, entry] of toEntries(ledger)) {
        const former = before.get(key);
        if (former === undefined || isSameHolder(former.holder, entry.holder)) continue;
        expect(former.state).toBe('cooling');
        const cooldownMs = poolOf(input, entry)?.cooldownMs ?? Infinity;
        if (former.state === 'cooling')
          expect(toCooledTime(former, cooldownMs)).toBeLessThanOrEqual(input.now);
      }
    });
  });

  it('what is given to anybody is in an open bank that was polled of late', () => {
    holds((input, { ledger }) => {
      const before = toEntries(input.ledger);
      for (const [key, entry] of toEntries(ledger)) {
        const former = before.get(key);
        if (entry.state !== 'held' || (former?.state === 'held' && isSameHolder(former.holder, entry.holder)))
          continue;
        const given = input.fleets.find(({ name }) => name === entry.fleet);
        const pool = poolOf(input, entry);
        if (given === undefined || pool === undefined) throw new Error('it has been given');
        const banks = toOpenBanks(input.ledger, given, input.now);
        expect(banks.isServing(toBank(pool, entry.port))).toBe(true);
      }
    });
  });

  it('a bank is wanted when somebody was refused for want of ports, and another one is left', () => {
    holds((input, { refused, banks }) => {
      for (const { name } of input.fleets) {
        const states = banks.get(name)?.map(({ state }) => state) ?? [];
        const isShort = refused.some(
          ({ message }) =>
            message.startsWith('No port is free') &&
            message.includes(`of fleet ${name}`) &&
            // Of a pool that has banks.
            message.includes('its open banks have'),
        );
        const isLast = refused.some(
          ({ message }) => message.includes(`of fleet ${name}`) && message.includes('no other bank is left'),
        );
        if (isShort && !isLast && states.length > 1) expect(states).toContain('wanted');
      }
    });
  });

  it('nothing changes before the announced time, and something then', () => {
    holds((input, { ledger, refused, nextExpiry }) => {
      if (nextExpiry === null) return;
      // A port that has cooled down may be of no use to a run.
      if (refused.some(({ code }) => code === 'port-run-refused')) return;
      expect(nextExpiry).toBeGreaterThan(input.now);
      expect(allocatePorts({ ...input, ledger, now: nextExpiry - 1 }).ledger).toBe(ledger);
      // Who waits for a quota may find then that there is no port.
      const then = allocatePorts({ ...input, ledger, now: nextExpiry });
      expect(then.ledger !== ledger || !isDeepStrictEqual(then.refused, refused)).toBe(true);
    });
  });

  it('a claim without a port is reported why', () => {
    holds((input, { ledger, refused }) => {
      for (const { fleet: name, holder, part, servicePort, pools, pool, contiguous } of input.claims) {
        // Of these the Service has been told before.
        if (pools.length === 0 || (pool !== undefined && !pools.includes(pool))) continue;
        if (!pools.some((each) => isConfigured(input, name, pool ?? each))) continue;
        const served = ledger.entries.some(
          (entry) =>
            entry.state === 'held' &&
            toClaimKey(entry) === toClaimKey({ fleet: name, holder, servicePort, ...(part && { part }) }),
        );
        const told = refused.some(
          ({ subject, message }) =>
            subject.name === holder.name &&
            subject.namespace === holder.namespace &&
            (message.includes(`Service port ${servicePort}`) ||
              contiguous === true ||
              isGatewayHolder(holder)),
        );
        expect(served || told).toBe(true);
      }
    });
  });
});

const isConfigured = ({ fleets }: AllocationInput, fleetName: string, pool: string): boolean =>
  !fleets.some(({ name }) => name === fleetName) ||
  fleets.some(({ name, pools }) => name === fleetName && pools.some((each) => each.name === pool));

/** The pool that an entry counts to. */
function poolOf({ fleets }: AllocationInput, { fleet: name, pool, port, protocols }: LedgerEntry) {
  const here = fleets.find((each) => each.name === name);
  return (
    here?.pools.find((each) => protocols.some((protocol) => isInPool(each, protocol, port))) ??
    here?.pools.find((each) => each.name === pool)
  );
}

/** The numbers that each namespace is charged with in each pool. */
function toCharges(input: AllocationInput, { entries }: LedgerState): ReadonlyMap<string, ReadonlySet<Port>> {
  const charges = new Map<string, Set<Port>>();
  for (const entry of entries) {
    const pool = poolOf(input, entry);
    if (pool === undefined) continue;
    if (entry.state === 'cooling' && toCooledTime(entry, pool.cooldownMs) <= input.now) continue;
    const key = toTenantKey(entry, pool.name);
    charges.set(key, (charges.get(key) ?? new Set()).add(entry.port));
  }
  return charges;
}

describe('with several pools', () => {
  it('nobody gets a port of a pool that it may not use, or of another than it names', () => {
    holds((input, { ledger }) => {
      const before = new Set(input.ledger.entries.filter(({ state }) => state === 'held').map(toHoldText));
      const claims = new Map(input.claims.map((one) => [toClaimKey(one), one]));
      for (const entry of ledger.entries) {
        const claimed = claims.get(toClaimKey(entry));
        if (entry.state !== 'held' || claimed === undefined || before.has(toHoldText(entry))) continue;
        const pool = poolOf(input, entry)?.name ?? '';
        expect(claimed.pools).toContain(pool);
        // What it holds already it may get on its other protocol.
        if (claimed.pool !== undefined) expect(pool).toBe(claimed.pool);
      }
    });
  });

  it('nobody comes to be charged with more than the quota of a pool', () => {
    holds((input, { ledger }) => {
      const before = toCharges(input, input.ledger);
      for (const [key, numbers] of toCharges(input, ledger)) {
        const most = Math.max(...input.fleets.map((one) => findMost(one, key)));
        const isMore = [...numbers].some((port) => before.get(key)?.has(port) !== true);
        if (isMore) expect(numbers.size).toBeLessThanOrEqual(most);
      }
    });
  });

  it('a port that is free is given to who asks for any, within its quota', () => {
    holds((input, { ledger }) => {
      const charges = toCharges(input, ledger);
      for (const claimed of input.claims) {
        if (claimed.contiguous === true || claimed.requested !== undefined) continue;
        if (ledger.entries.some((entry) => toClaimKey(entry) === toClaimKey(claimed))) continue;
        const here = input.fleets.find(({ name }) => name === claimed.fleet);
        const usable = claimed.pools.flatMap((name) => here?.pools.find((each) => each.name === name) ?? []);
        const pool =
          claimed.pool === undefined ? usable[0] : usable.find(({ name }) => name === claimed.pool);
        if (pool === undefined) continue;
        const size = charges.get(toTenantKey(claimed, pool.name))?.size ?? 0;
        if (size >= (pool.maxPerNamespace ?? Infinity)) continue;
        const protocols = claimed.protocols.filter((protocol) => pool.ranges[protocol] !== undefined);
        const entries = toEntries(ledger);
        const banks = here && toOpenBanks(input.ledger, here, input.now);
        for (let port = 99; port < 116 && protocols.length > 0; port += 1) {
          const isFree = protocols.every((protocol) => {
            const entry = entries.get(toPortKey(claimed.fleet, protocol, toPort(port)));
            return (
              isInPool(pool, protocol, toPort(port)) &&
              banks?.isServing(toBank(pool, toPort(port))) === true &&
              (entry === undefined ||
                (entry.state === 'cooling' && toCooledTime(entry, pool.cooldownMs) <= input.now))
            );
          });
          expect(isFree && isHandedOut(pool, toPort(port)), `${port} is free`).toBe(false);
        }
      }
    });
  });

  it('a run that begins is whole and consecutive', () => {
    holds((input, { ledger }) => {
      const held = new Set(input.ledger.entries.map(toClaimKey));
      for (const run of listRuns(input.claims)) {
        if (run.some((one) => held.has(toClaimKey(one)) || one.requested !== undefined)) continue;
        const ports = run.flatMap((one) => {
          const entry = ledger.entries.find((each) => toClaimKey(each) === toClaimKey(one));
          return entry?.state === 'held' ? [entry.port] : [];
        });
        for (const [index, port] of ports.entries())
          if (index > 0) expect(port).toBe((ports[index - 1] ?? 0) + 1);
        const canHave = run.filter((one) => hasRange(input, one));
        expect([0, canHave.length]).toContain(ports.length);
      }
    });
  });
});

const toHoldText = (entry: LedgerEntry): string => `${entry.port} ${toClaimKey(entry)}`;

function findMost({ name, pools }: FleetPools, key: string): number {
  const pool = pools.find((each) => key.endsWith(`|${each.name}|${name}`));
  return pool === undefined ? 0 : (pool.maxPerNamespace ?? Infinity);
}

/** Whether the pool of a claim has ports for it. */
function hasRange({ fleets }: AllocationInput, { fleet: name, pools, pool, protocols }: PortClaim): boolean {
  const here = fleets.find((each) => each.name === name);
  const usable = pools.flatMap((each) => here?.pools.find((one) => one.name === each) ?? []);
  const chosen = pool === undefined ? usable[0] : usable.find((each) => each.name === pool);
  return protocols.some((protocol) => chosen?.ranges[protocol] !== undefined);
}

/** Of this process alone: what else the machine does must not count. */
function toMilliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

describe('with thousands of claims', () => {
  const claims = Array.from({ length: 10_000 }, (_, index): PortClaim => ({
    fleet: 'default',
    pools: ['default'],
    holder: { source: 'vms', kind: 'Service', namespace: `ns-${index % 50}`, name: `service-${index}` },
    servicePort: 80,
    protocols: ['tcp'],
    field: 'metadata.annotations[fairlead.dev/expose]',
  }));
  const fleets = [toFleet({ tcp: '20000-29999' })];
  const base = { claims, fleets, now, keep: () => false };

  it('every port is used and none is left over, in well under a second of computing', () => {
    const start = process.cpuUsage();
    const { ledger, refused } = allocatePorts({ ...base, ledger: emptyLedger });
    const took = toMilliseconds(process.cpuUsage(start));
    expect(ledger.entries).toHaveLength(10_000);
    expect(refused).toEqual([]);
    expect(took).toBeLessThan(1000 * slowness());
  });

  it('as many again are refused as quickly', () => {
    const { ledger } = allocatePorts({ ...base, ledger: emptyLedger });
    const more = [...claims, ...claims.map((one) => ({ ...one, servicePort: 81 }))];
    const start = process.cpuUsage();
    const result = allocatePorts({ ...base, claims: more, ledger });
    const took = toMilliseconds(process.cpuUsage(start));
    expect(result.ledger).toBe(ledger);
    expect(result.refused).toHaveLength(10_000);
    expect(took).toBeLessThan(1000 * slowness());
  });
});
