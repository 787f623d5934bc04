import type { ProblemCode } from './problem-codes.ts';

/** The problems of whoever asks for a port and does not have it. */
export const refusalCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'pool-exhausted',
  'pool-port-kept',
  'pool-port-lost',
  'pool-refused',
  'port-pending',
  'port-quota-exceeded',
  'port-request-refused',
  'port-run-broken',
  'port-run-refused',
]);
