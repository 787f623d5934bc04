import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../../src/annotations/label-selector.ts';

const read = (text: string): unknown => parseLabelSelector(text)?.matchExpressions;

describe('a label selector as text', () => {
  it('is read as kubectl reads it', () => {
    expect(read('team=a')).toEqual([{ key: 'team', operator: 'In', values: ['a'] }]);
    expect(read('kubernetes.io/metadata.name == web')).toEqual([
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['web'] },
    ]);
    expect(read('team!=a, tier in (data, cache),stage notin(test),kept,!old')).toEqual([
      { key: 'team', operator: 'NotIn', values: ['a'] },
      { key: 'tier', operator: 'In', values: ['data', 'cache'] },
      { key: 'stage', operator: 'NotIn', values: ['test'] },
      { key: 'kept', operator: 'Exists', values: [] },
      { key: 'old', operator: 'DoesNotExist', values: [] },
    ]);
  });

  it.each([
    '',
    ',',
    'a=b,',
    'team=a b',
    'in (a)',
    'tier in a',
    'tier in (a',
    'tier in ((a))',
    'a=b=c',
    '=a',
    '! ',
  ])('is nothing where it could mean several things: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('takes time in proportion to its length', () => {
    const started = performance.now();
    for (const text of ['(', ',', 'a', ' ', '!', 'a in (']) parseLabelSelector(text.repeat(300));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
