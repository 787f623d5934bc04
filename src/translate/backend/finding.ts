import type { ProblemDetails } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { AnnotationUse } from '../../routes/why.ts';

/** What is wrong with a backend; the caller knows whose problem it is. */
export interface Finding extends ProblemDetails {
  readonly code: ProblemCode;
}

/** One server with its share of the traffic. */
export interface WeightedAddress {
  readonly address: string;
  readonly weight: number;
}

export interface Servers {
  /** `host:port`, sorted, each once. */
  readonly addresses: readonly WeightedAddress[];
  readonly findings: readonly Finding[];
  /** The parts of the directives that decided about them, by `listParts`, and facts. */
  readonly carried: readonly string[];
  /** What decided of the annotations of other objects: those of EndpointSlices. Absent: nothing. */
  readonly uses?: readonly AnnotationUse[];
}
