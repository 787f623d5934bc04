import { describe, expect, it } from 'vitest';
import { parseLongDuration } from '../../../src/lib/long-duration.ts';

describe('a long duration', () => {
  it.each([
    ['14d', 14 * 86_400_000],
    ['0d', 0],
    ['36h', 36 * 3_600_000],
    ['0', 0],
  ])('%s', (text, value) => {
    expect(parseLongDuration(text)).toEqual({ ok: true, value });
  });

  it.each(['1.5d', '14', '1d12h', '-1d', 'd', '99999d'])('is not %s', (text) => {
    expect(parseLongDuration(text).ok).toBe(false);
  });
});
