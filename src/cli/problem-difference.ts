import type { ProblemJson } from '../http/problem-json.ts';

/** Problems that only one side has. */
export interface ProblemDifference {
  readonly added: readonly ProblemJson[];
  readonly removed: readonly ProblemJson[];
}

export function compareProblems(
  before: readonly ProblemJson[],
  after: readonly ProblemJson[],
): ProblemDifference {
  return { added: listLacking(before, after), removed: listLacking(after, before) };
}

/** Those of `rows` that `known` lacks. */
function listLacking(known: readonly ProblemJson[], rows: readonly ProblemJson[]): readonly ProblemJson[] {
  const keys = new Set(known.map(toKey));
  return rows.filter((row) => !keys.has(toKey(row)));
}

function toKey({ code, object, field, message }: ProblemJson): string {
  return JSON.stringify([code, object, field, message]);
}
