import { describe, expect, it } from 'vitest';
import { checkValidity } from '../../../src/certificates/expiry.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const certificate = {
  subject: { source: 'one', kind: 'Ingress', namespace: 'shop', name: 'web' },
  field: 'spec.tls[0].secretName',
  secretName: 'web-tls',
  validity: { notBefore: start, notAfter: start + 90 * day },
};

/** What is said at a moment, and after how many days of validity something else will be. */
function check(now: number): readonly [string | undefined, number | undefined] {
  const { problems, next } = checkValidity([certificate], 14 * day, now);
  expect(problems.length).toBeLessThan(2);
  const [problem] = problems;
  const said = problem && `${problem.severity} ${problem.code}: ${problem.message}`;
  return [said, next === undefined ? undefined : (next - start) / day];
}

describe('the validity of a certificate', () => {
  it('is said to begin later, to end soon, and to have ended', () => {
    const what = 'The certificate of Secret web-tls';
    expect(check(start - 1)).toEqual([
      `warning certificate-not-yet-valid: ${what} is valid from 2026-01-01 at 00:00 UTC on only`,
      0,
    ]);
    expect(check(start)).toEqual([undefined, 76]);
    expect(check(start + 76 * day - 1)).toEqual([undefined, 76]);
    expect(check(start + 76 * day)).toEqual([
      `warning certificate-expiring: ${what} expires on 2026-04-01 at 00:00 UTC`,
      90,
    ]);
    expect(check(start + 90 * day)).toEqual([
      `warning certificate-expired: ${what} expired on 2026-04-01 at 00:00 UTC`,
      undefined,
    ]);
  });

  it('says the same text at every moment of a span, so that an Event is written once', () => {
    expect(check(start + 77 * day)[0]).toBe(check(start + 89 * day)[0]);
  });

  it('gives the next moment of several certificates', () => {
    const later = { ...certificate, validity: { notBefore: start, notAfter: start + 20 * day } };
    expect(checkValidity([certificate, later], 14 * day, start).next).toBe(start + 6 * day);
    expect(checkValidity([], 14 * day, start)).toEqual({ problems: [], next: undefined });
  });
});
