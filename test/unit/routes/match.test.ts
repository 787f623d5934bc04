import { describe, expect, it } from 'vitest';
import {
  anyHost,
  listCovering,
  toConditionText,
  toHostMatch,
  toHostText,
} from '../../../src/routes/match.ts';

const many = { kind: 'wildcard', suffix: 'b.test', labels: 'many' } as const;

describe('hosts', () => {
  it.each([
    [toHostMatch('a.b.test'), ['a.b.test', '*.b.test', '**.b.test', '**.test', '']],
    [toHostMatch('test'), ['test', '']],
    [toHostMatch('*.b.test'), ['*.b.test', '**.b.test', '**.test', '']],
    [many, ['**.b.test', '**.test', '']],
    [anyHost, ['']],
  ])('%j is covered by %j', (host, covering) => {
    expect(listCovering(host)).toEqual(covering);
    expect(toHostText(host)).toBe(covering[0]);
  });
});

it('conditions are one text, whatever their order, and empty when there are none', () => {
  const a = { type: 'Exact', name: 'a', value: '1' } as const;
  const b = { type: 'Regex', name: 'b', value: '2' } as const;
  const match = { host: anyHost, path: { type: 'Prefix', value: '/' } } as const;
  expect(toConditionText(match)).toBe('');
  expect(toConditionText({ ...match, headers: [a, b] })).toBe(toConditionText({ ...match, headers: [b, a] }));
  expect(toConditionText({ ...match, headers: [a] })).not.toBe(toConditionText({ ...match, query: [a] }));
});
