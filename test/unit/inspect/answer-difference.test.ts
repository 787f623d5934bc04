import { expect, test } from 'vitest';
import { compareAnswers, isEmptyDifference, type Side } from '../../../src/inspect/answer-difference.ts';
import { listFieldChanges } from '../../../src/inspect/field-changes.ts';
import type { ElementRow } from '../../../src/model/answer.ts';
import type { PortRow } from '../../../src/model/published.ts';
import type { Port } from '../../../src/model/port.ts';

function row(key: string, value: unknown = {}, more: Partial<ElementRow> = {}): ElementRow {
  const place = { fleet: 'default', bank: 0, section: 'http.routers' };
  return { ...place, key, value, object: 'Ingress/shop/web', source: 'a', ...more };
}

function side(elements: readonly ElementRow[], revision = 'r', ports: readonly PortRow[] = []): Side {
  return { answer: { documents: [{ fleet: 'default', bank: 0, revision }], elements }, ports };
}

function port(number: number, state: PortRow['state'] = 'held'): PortRow {
  const target = { holder: 'Service/rds/db', source: 'a', servicePort: 3306 };
  const place = { fleet: 'default', pool: 'default', port: number as Port, protocols: ['tcp'] as const };
  return { ...place, ...target, state, since: '2026-01-01T00:00:00Z', addresses: [] };
}

test('what is equal gives an empty difference, also from a source of another name', () => {
  const before = side([row('a', { rule: 'x' })], 'r', [port(20_000), port(20_001, 'cooling')]);
  const after = side([row('a', { rule: 'x' }, { source: 'b' })], 'r', [{ ...port(20_000), source: 'b' }]);
  expect(isEmptyDifference(compareAnswers(before, after))).toBe(true);
});

test('what was added, removed and changed is listed in the order of the names', () => {
  const before = side([row('b', { a: 1 }), row('x'), row('a', { a: 1 })], 'r');
  const after = side([row('c'), row('b', { a: 2 }), row('a', { a: 1, b: [] })], 's');
  const { added, removed, changed, hidden } = compareAnswers(before, after);
  expect(added.map(({ key }) => key)).toEqual(['c']);
  expect(removed.map(({ key }) => key)).toEqual(['x']);
  expect(changed.map(({ key, fields }) => [key, fields])).toEqual([
    ['a', [{ path: 'b', after: [] }]],
    ['b', [{ path: 'a', before: 1, after: 2 }]],
  ]);
  expect(hidden).toEqual([]);
});

test('a document that differs in nothing that is shown differs in a secret', () => {
  const difference = compareAnswers(side([row('a')], 'r'), side([row('a')], 's'));
  expect(difference.hidden).toEqual(['default']);
  expect(isEmptyDifference(difference)).toBe(false);
});

test('ports that another one holds, or nobody any more', () => {
  const before = side([], 'r', [port(20_000)]);
  const after = side([], 'r', [{ ...port(20_000), holder: 'Service/rds/other' }]);
  const { ports } = compareAnswers(before, after);
  expect(ports.removed.map(({ holder }) => holder)).toEqual(['Service/rds/db']);
  expect(ports.added.map(({ holder }) => holder)).toEqual(['Service/rds/other']);
});

test('of a list only the items that differ are listed, and all of them where only their order does', () => {
  expect(listFieldChanges({ s: ['a', 'b'] }, { s: ['b', 'c'] })).toEqual([
    { path: 's', before: ['a'], after: ['c'] },
  ]);
  expect(listFieldChanges({ s: ['a', 'b'] }, { s: ['b', 'a'] })).toEqual([
    { path: 's', before: ['a', 'b'], after: ['b', 'a'] },
  ]);
  expect(listFieldChanges({ s: [{ url: 'x' }] }, { s: [{ url: 'x' }] })).toEqual([]);
  expect(listFieldChanges({ s: { a: 1 } }, { s: 'a' })).toEqual([
    { path: 's', before: { a: 1 }, after: 'a' },
  ]);
});
