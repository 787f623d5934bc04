import { expect, it } from 'vitest';

import { explainGone } from '../../../src/inspect/explain-gone.ts';
import type { Explanation } from '../../../src/model/published.ts';
import { toPortReport } from '../../../src/ports/port-report.ts';
import { now, toFleet, toState } from '../ports/allocation/notation.ts';

const hold = toState(['100 tcp a:80 held@1']).entries[0];

function explain(entries: readonly string[], name = 'a', source = 'vms'): Explanation | undefined {
  if (hold?.state !== 'held') throw new Error('it is held');
  const { state: _state, ...former } = hold;
  const history = [{ ...former, until: '2026-01-01T00:30:00.000Z' }];
  const fleets = [{ ...toFleet({ tcp: '100-103' }), addresses: ['edge.test.com'] }];
  const report = toPortReport({ ...toState(entries), history }, fleets, [], { now });
  return explainGone({ source, kind: 'Service', namespace: 'ns', name }, report, []);
}

it('a port that cools down after it is named, with the time until which it may come back', () => {
  expect(explain(['102 tcp a:80 cooling@55'])).toMatchObject({
    object: 'Service/ns/a',
    verdict:
      'No source has it now. Pool port 102 of fleet default cools down after it until 2026-01-01T01:05:00.000Z: made again by then, it gets the port back.',
    ports: [{ port: 102, state: 'cooling' }],
  });
});

it('and one that is kept while its source is not read', () => {
  expect(explain(['102 tcp a:80 held@1'])?.verdict).toBe(
    'No source has it now. Pool port 102 of fleet default is kept for it since 2026-01-01T00:01:00.000Z.',
  );
});

it('else the last one that it had', () => {
  expect(explain(['102 tcp a:80 cooling@5'])?.verdict).toBe(
    'No source has it now. The last port that it had was pool port 100 of fleet default, until 2026-01-01T00:30:00.000Z.',
  );
});

it('nothing is known of what never had a port, or is of another source', () => {
  expect(explain(['102 tcp a:80 cooling@55'], 'b')).toBeUndefined();
  expect(explain(['102 tcp a:80 cooling@55'], 'a', 'other')).toBeUndefined();
});
