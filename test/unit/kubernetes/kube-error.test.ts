import { describe, expect, it } from 'vitest';
import {
  KubeError,
  toAnswerError,
  toNetworkError,
  toRetryAfterMs,
  toStatusError,
} from '../../../src/kubernetes/kube-error.ts';

describe('KubeError', () => {
  it('takes reason, message and waiting time from a Status', () => {
    const body = {
      kind: 'Status',
      code: 429,
      reason: 'TooManyRequests',
      message: 'later',
      details: { retryAfterSeconds: 3 },
    };
    expect(toAnswerError(429, JSON.stringify(body))).toMatchObject({
      status: 429,
      reason: 'TooManyRequests',
      message: 'later',
      retryAfterMs: 3_000,
    });
  });

  it('prefers the header over the details', () => {
    expect(toAnswerError(503, '{"kind":"Status","details":{"retryAfterSeconds":3}}', '1').retryAfterMs).toBe(
      1_000,
    );
  });

  it('says what a proxy answered, shortly', () => {
    const error = toAnswerError(502, `<html>\n  Bad   gateway ${'x'.repeat(1_000)}`);
    expect(error.message).toMatch(/^the server answered 502: <html> Bad gateway x+\.\.\.$/);
    expect(error.message).toHaveLength(300);
  });

  it('never shows a token', () => {
    const error = toNetworkError(new Error('plugin said: Authorization: Bearer abc.def.ghi failed'));
    expect(error.message).toBe('plugin said: Authorization: Bearer ... failed');
    expect(JSON.stringify(error)).not.toContain('abc');
  });

  it('keeps the code of a network error, and itself', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(toNetworkError(refused)).toMatchObject({
      status: 0,
      reason: 'ECONNREFUSED',
      message: 'ECONNREFUSED',
    });
    const error = new KubeError(404, 'NotFound', 'no');
    expect(toNetworkError(error)).toBe(error);
  });

  it('reads an ERROR event without a code as what it is reported', () => {
    expect(toStatusError({}, 500)).toMatchObject({
      status: 500,
      reason: '',
      message: 'the server answered 500',
    });
  });
});

it.each([
  ['a header', toAnswerError(503, '', '86400')],
  ['a Status', toAnswerError(429, '{"kind":"Status","details":{"retryAfterSeconds":86400}}')],
  ['a date', toAnswerError(503, '', new Date(Date.now() + 86_400_000).toUTCString())],
])('a server is left alone for a minute at the most, whatever it asks for: %s', (_what, error) => {
  expect(error.retryAfterMs).toBe(60_000);
});

describe('toRetryAfterMs', () => {
  it('reads seconds and dates, and nothing else', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    const read = (text: string | undefined) => toRetryAfterMs(text, now);
    expect(read('5')).toBe(5_000);
    expect(read('Thu, 01 Jan 2026 00:00:07 GMT')).toBe(7_000);
    expect(read('Thu, 01 Jan 2025 00:00:07 GMT')).toBe(0);
    expect([read('soon'), read(undefined)]).toEqual([undefined, undefined]);
  });
});
