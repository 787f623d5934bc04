import type { ProblemDetails } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { WeightedAddress } from '../../routes/intent.ts';

/** What is wrong with a backend; the caller knows whose problem it is. */
export interface Finding extends ProblemDetails {
  readonly code: ProblemCode;
}

export interface Servers {
  /** `host:port`, sorted, each once. */
  readonly addresses: readonly WeightedAddress[];
  readonly findings: readonly Finding[];
}
