import { expect, it } from 'vitest';
import { re2Mistake } from '../../../src/traefik/re2.ts';
import { badPatterns, goodPatterns } from './patterns.ts';

it.each(goodPatterns)('takes %s', (pattern) => {
  expect(re2Mistake(pattern)).toBe(null);
});
it.each(badPatterns)('refuses %j', (pattern) => {
  expect(re2Mistake(pattern)).not.toBe(null);
});
