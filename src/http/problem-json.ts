import { toObjectPath } from '../model/object-ref.ts';
import type { ProblemCode, Severity } from '../model/problem-codes.ts';
import type { FileLocation, Problem } from '../model/problem.ts';

/** A problem as programs read it: in `/api/problems` and from the commands with `--output json`. */
export interface ProblemJson {
  readonly severity: Severity;
  readonly code: ProblemCode;
  /** `Service/namespace/name`. */
  readonly object: string;
  readonly source: string;
  readonly field: string;
  readonly message: string;
  readonly hint: string;
  readonly location?: FileLocation;
}

/** Takes the location that a source has found, else the one that the problem brought along. */
export function toProblemJson(problem: Problem, location = problem.location): ProblemJson {
  return {
    severity: problem.severity,
    code: problem.code,
    object: toObjectPath(problem.subject),
    source: problem.subject.source,
    field: problem.field,
    message: problem.message,
    hint: problem.hint,
    ...(location && {
      location: { file: location.file, line: location.line, column: location.column },
    }),
  };
}
