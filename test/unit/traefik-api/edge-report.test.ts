import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RouterFault, TraefikSeen } from '../../../src/model/traefik-state.ts';
import { mostReportBytes, readEdgeReport, toEdgeReport } from '../../../src/traefik-api/edge-report.ts';
import { countNames, listNames, toNameRuns } from '../../../src/traefik-api/name-runs.ts';

function toSeen(names: readonly string[], faults: readonly RouterFault[] = []): TraefikSeen {
  const entryPoints = names.map((name) => ({ name, address: '', asDefault: false }));
  return { version: '3.7.0', startedAt: 'then', revision: 'abc1', entryPoints, faults };
}
function toFault(index: number): RouterFault {
  return {
    protocol: 'http',
    router: `${'x'.repeat(900)}${index}`,
    status: 'disabled',
    entryPoints: ['web'],
    errors: ['e'.repeat(300)],
  };
}
const row = { bank: 0, seen: toSeen(['web']), error: null };
const read = (text: string) => readEdgeReport(JSON.parse(text));

it('names in runs are the same names', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc
      .tuple(fc.constantFrom('tcp-', 'udp-', '', 'a0'), fc.integer({ min: 0, max: 12 }))
      .map(([a, n]) => `${a}${n}`),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), (names) => {
      const runs = toNameRuns(names);
      expect(listNames(runs)).toEqual(names);
      expect(countNames(runs)).toBe(names.length);
    }),
  );
  expect(toNameRuns(['web', 'tcp-9', 'tcp-10', 'tcp-011'])).toEqual(['web', ['tcp-', 9, 10], 'tcp-011']);
});

it('says the same on the other side, in a few bytes for a large pool', () => {
  const ports = Array.from({ length: 40_000 }, (_, index) => `tcp-${20_000 + index}`);
  const fault: RouterFault = {
    protocol: 'tcp',
    router: 'shop_db',
    status: 'disabled',
    entryPoints: ports.slice(0, 5_000),
    errors: ['why'],
  };
  const rows = [
    { bank: 0, seen: toSeen(['web', ...ports], [fault]), error: null },
    { bank: 1, seen: null, error: 'it cannot be reached (ECONNREFUSED)' },
  ];
  const text = toEdgeReport(rows);
  expect(text.length).toBeLessThan(1_000);
  expect(read(text)).toEqual(rows);
});

it('leaves out faults that are too many, and never gets longer than is taken', () => {
  const faults = Array.from({ length: 1_200 }, (_, index) => toFault(index));
  const banks = Array.from({ length: 20 }, (_, bank) => ({
    bank,
    seen: toSeen(['web'], faults),
    error: null,
  }));
  for (const count of [1, 20]) {
    const text = toEdgeReport(banks.slice(0, count));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostReportBytes);
    expect(read(text)).toHaveLength(count);
    expect(read(text)?.[0]?.seen?.faults.length).toBe(count === 1 ? 200 : 10);
  }
});

it.each([
  ['nothing', undefined],
  ['another shape', { traefiks: [{ bank: 0 }] }],
  ['one bank twice', { traefiks: [row, row].map((each) => ({ ...each, seen: null })) }],
  ['text of several lines', { traefiks: [{ bank: 0, seen: null, error: 'a\nb' }] }],
  [
    'more names than there are ports',
    {
      traefiks: [0, 1, 2, 3, 4].map((bank) => ({
        bank,
        seen: { ...row.seen, entryPoints: [['a', 0, 65_535]] },
        error: null,
      })),
    },
  ],
  [
    'a run of a million',
    { traefiks: [{ ...row, seen: { ...row.seen, entryPoints: [['a', 0, 1_000_000]] } }] },
  ],
])('refuses %s', (_what, body) => {
  expect(readEdgeReport(body)).toBeUndefined();
});
