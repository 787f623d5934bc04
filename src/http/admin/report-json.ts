import type { FileLocation } from '../../model/problem.ts';
import type { Explanation, PortReport } from '../../model/published.ts';
import { toProblemJson, type ProblemJson } from '../problem-json.ts';

/** A `PortReport` as programs read it: `/api/ports`, `fairlead ports --output json`. */
export interface PortReportJson extends Omit<PortReport, 'refused'> {
  readonly refused: readonly ProblemJson[];
}

/** An `Explanation` as programs read it: `/api/explain/…`, `fairlead explain --output json`. */
export interface ExplanationJson extends Omit<Explanation, 'problems'> {
  readonly problems: readonly ProblemJson[];
}

export function toPortReportJson(report: PortReport): PortReportJson {
  return { ...report, refused: report.refused.map((problem) => toProblemJson(problem)) };
}

/** `locations` go with the problems one by one, where they are known. */
export function toExplanationJson(
  explanation: Explanation,
  locations: readonly (FileLocation | undefined)[] = [],
): ExplanationJson {
  const problems = explanation.problems.map((problem, index) => toProblemJson(problem, locations[index]));
  return { ...explanation, problems };
}
