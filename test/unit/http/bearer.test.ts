import { expect, test } from 'vitest';
import { createBearerCheck } from '../../../src/http/bearer.ts';

const isAuthorized = createBearerCheck(['first-token', 'second-token']);

test.each(['Bearer first-token', 'bearer second-token', 'BEARER  first-token '])('%j is let in', (header) => {
  expect(isAuthorized(header)).toBe(true);
});

test.each([
  undefined,
  '',
  'first-token',
  'Bearer',
  'Bearer ',
  'Bearer first-toke',
  'Bearer first-token-and-more',
  'Bearer first-token second-token',
  'Basic first-token',
  'Bearer third-token',
])('%j is not let in', (header) => {
  expect(isAuthorized(header)).toBe(false);
});

test('an empty list of tokens lets nobody in', () => {
  expect(createBearerCheck([])('Bearer x')).toBe(false);
});
