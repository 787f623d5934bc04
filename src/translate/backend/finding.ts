import type { ProblemDetails } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import { toHostPort } from '../../traefik/server-url.ts';

/** What is wrong with a backend; the caller knows whose problem it is. */
export interface Finding extends ProblemDetails {
  readonly code: ProblemCode;
}

/** One server with its share of the traffic. */
export interface WeightedAddress {
  /** `host:port`. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
}

/** @param host A name or an address; an IPv6 address without brackets. */
export function toWeightedAddress(host: string, port: number, weight = 1): WeightedAddress {
  return { address: toHostPort(host, port), host, port, weight };
}

export interface Servers {
  /** Sorted by `address`, each once. */
  readonly addresses: readonly WeightedAddress[];
  readonly findings: readonly Finding[];
  /** The parts of the directives that decided about them, by `listParts`, and facts. */
  readonly carried: readonly string[];
  /** What decided of the annotations of other objects: those of EndpointSlices. Absent: nothing. */
  readonly uses?: readonly AnnotationUse[];
}
