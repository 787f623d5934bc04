import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gzipPieces } from '../../../src/lib/gzip-pieces.ts';

function toBytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 251));
}

it.each([
  { name: 'nothing', lengths: [] },
  { name: 'an empty piece', lengths: [0] },
  { name: 'small pieces', lengths: [1, 0, 2, 300] },
  { name: 'a whole batch', lengths: [2 ** 20] },
  { name: 'a piece over several batches', lengths: [5, 3 * 2 ** 20 + 1, 7] },
  { name: 'a piece over the end of a batch', lengths: [2 ** 20 - 3, 9, 2 ** 20] },
])('inflates to the same bytes: $name', async ({ lengths }) => {
  const pieces = lengths.map(toBytes);
  expect(gunzipSync(await gzipPieces(pieces)).equals(Buffer.concat(pieces))).toBe(true);
});
