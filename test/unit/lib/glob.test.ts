import { expect, test } from 'vitest';
import { matchesGlob } from '../../../src/lib/glob.ts';

test.each([
  ['shop', 'shop', true],
  ['shop', 'shops', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['game-*', 'game-', true],
  ['game-*', 'game-a', true],
  ['game-*', 'a-game-b', false],
  ['*-prod', 'shop-prod', true],
  ['*-prod', 'shop-prod-2', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'axxbxxc', true],
  ['a*b*c', 'axxcxxb', false],
  ['a*b*b', 'ab', false],
  ['ab*ba', 'aba', false],
  ['**', 'x', true],
  ['a.c', 'abc', false],
  ['', '', true],
  ['', 'x', false],
])('%s matches %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test('says what a regular expression says', () => {
  const alphabet = ['a', 'b', '*'];
  const all = (length: number): readonly string[] =>
    length === 0 ? [''] : all(length - 1).flatMap((rest) => alphabet.map((each) => each + rest));
  const texts = [0, 1, 2, 3, 4, 5].flatMap(all).filter((text) => !text.includes('*'));
  for (const pattern of [0, 1, 2, 3, 4, 5].flatMap(all)) {
    const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
    for (const text of texts)
      expect(matchesGlob(pattern, text), `${pattern} ${text}`).toBe(expression.test(text));
  }
});

test('never goes back: a pattern of many stars against a text that nearly fits', () => {
  expect(matchesGlob('a*'.repeat(5_000) + 'b', 'a'.repeat(50_000))).toBe(false);
});
