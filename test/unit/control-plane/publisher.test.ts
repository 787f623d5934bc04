import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { toRevision } from '../../../src/control-plane/publisher.ts';

it('compresses once, and once more when that has failed', async () => {
  const end = Buffer.from('}}}');
  const copy = end.copy.bind(end);
  let copies = 0;
  end.copy = (target, targetStart, sourceStart) => {
    copies += 1;
    if (copies === 1) throw new Error('no memory');
    return copy(target, targetStart, sourceStart);
  };
  const current = toRevision([Buffer.from('{"http":{"middlewares":{"a_b":{}'), end]);
  await expect(current.gzip()).rejects.toThrow('no memory');
  const compressed = await current.gzip();
  expect(gunzipSync(compressed).equals(Buffer.concat(current.body))).toBe(true);
  expect(await current.gzip()).toBe(compressed);
  expect(copies).toBe(2);
});
