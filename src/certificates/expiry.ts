import { toProblem, type Problem, type Subject } from '../model/problem.ts';
import type { Validity } from './validity.ts';

/** A certificate in use, and who uses it. */
export interface DatedCertificate {
  readonly subject: Subject;
  readonly field: string;
  readonly secretName: string;
  readonly validity: Validity;
}

/** What is to be said of certificates at one moment. */
export interface ValidityReport {
  readonly problems: readonly Problem[];
  /** When something else is to be said, in milliseconds since 1970; undefined: never. */
  readonly next: number | undefined;
}

/**
 * A problem for each certificate that has expired, does so within `warnBeforeMs`, or is not valid yet. Traefik serves them all the
 * same; it is clients that turn away.
 */
export function checkValidity(
  certificates: readonly DatedCertificate[],
  warnBeforeMs: number,
  now: number,
): ValidityReport {
  const problems: Problem[] = [];
  let next = Infinity;
  for (const certificate of certificates) {
    const { notBefore, notAfter } = certificate.validity;
    const problem = toValidityProblem(certificate, warnBeforeMs, now);
    if (problem !== undefined) problems.push(problem);
    for (const time of [notBefore, notAfter - warnBeforeMs, notAfter]) {
      if (time > now && time < next) next = time;
    }
  }
  return { problems, next: next === Infinity ? undefined : next };
}

function toValidityProblem(
  { subject, field, secretName, validity: { notBefore, notAfter } }: DatedCertificate,
  warnBeforeMs: number,
  now: number,
): Problem | undefined {
  const what = `the certificate of Secret ${secretName}`;
  const renew = 'Renew the certificate, and see why what renews it has not.';
  if (now >= notAfter) {
    return toProblem('certificate-expired', subject, {
      field,
      message: `${what} expired on ${toDay(notAfter)}`,
      hint: renew,
    });
  }
  if (now < notBefore) {
    return toProblem('certificate-not-yet-valid', subject, {
      field,
      message: `${what} is valid from ${toDay(notBefore)} on only`,
      hint: 'Use the former certificate until then, or set the clock of whoever made it.',
    });
  }
  if (now < notAfter - warnBeforeMs) return undefined;
  return toProblem('certificate-expiring', subject, {
    field,
    message: `${what} expires on ${toDay(notAfter)}`,
    hint: renew,
  });
}

function toDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}
