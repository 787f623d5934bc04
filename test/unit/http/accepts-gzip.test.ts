import { expect, test } from 'vitest';
import { acceptsGzip } from '../../../src/http/accepts-gzip.ts';

test.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['deflate;q=0.5, GZIP;q=0.1', true],
  ['x-gzip', true],
  ['*', true],
  ['br, *;q=0.2', true],
  [undefined, false],
  ['', false],
  ['br', false],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['gzip;q=0, *', false],
  ['*, gzip;q=0', false],
  ['*;q=0', false],
  ['identity', false],
])('gzip is accepted by %j: %j', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
