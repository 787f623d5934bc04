import type { FileLocation, Problem } from '../model/problem.ts';
import { toProblemJson } from '../http/problem-json.ts';
import type { Replay } from '../inspect/replay.ts';
import type { Io } from '../app/io.ts';
import { toProblemLine } from './problem-text.ts';
import { haveSeveralSources } from './several-sources.ts';

/** A problem with the place in a file where it stands, when there is one. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly location: FileLocation | undefined;
}

export function locateAll(replay: Replay, problems: readonly Problem[]): Promise<readonly LocatedProblem[]> {
  return Promise.all(problems.map(async (problem) => ({ problem, location: await replay.locate(problem) })));
}

/** One line a problem, or one JSON array of them all. */
export function printProblems(
  problems: readonly LocatedProblem[],
  format: 'json' | 'text',
  io: Io,
  write: (text: string) => void,
): void {
  if (format === 'json') {
    write(
      `${JSON.stringify(
        problems.map(({ problem, location }) => toProblemJson(problem, location)),
        null,
        2,
      )}\n`,
    );
    return;
  }
  const rows = problems.map(({ problem, location }) => toProblemJson(problem, location));
  const several = haveSeveralSources(rows);
  for (const row of rows) write(`${toProblemLine(row, io.colours, several)}\n`);
}
