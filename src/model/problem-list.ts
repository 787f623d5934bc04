import type { ProblemCode } from './problem-codes.ts';
import { countText, toProblem, type Problem, type Report, type Subject } from './problem.ts';

/** So many problems of one object and code are listed. */
export const mostProblems = 20;

/**
 * The problems of one object as they are found. Of each code the first twenty are kept and the others counted, without the
 * work of putting their texts together: one object with 40,000 mistakes must not fill the log, the page and the memory.
 */
export class ProblemList {
  readonly #subject: Subject;
  readonly #problems: Problem[] = [];
  readonly #counts = new Map<ProblemCode, number>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  readonly report: Report = (code, details) => {
    if (this.#count(code, 1))
      this.#problems.push(
        toProblem(code, this.#subject, typeof details === 'function' ? details() : details),
      );
  };

  /** Takes over problems of the same object that were found elsewhere. */
  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (problem.more !== undefined) this.#count(problem.code, problem.more);
      else if (this.#count(problem.code, 1)) this.#problems.push(problem);
    }
  }

  /** In the order in which they were found; at the end, how many more there are of which code. */
  toArray(): readonly Problem[] {
    if ([...this.#counts.values()].every((count) => count <= mostProblems)) return this.#problems;
    const rests = [...this.#counts].flatMap(([code, count]) => {
      const listed = this.#problems.filter((problem) => problem.code === code).length;
      return count > listed ? toRest(code, this.#subject, count - listed) : [];
    });
    return [...this.#problems, ...rests];
  }

  /** Whether there is room for it. */
  #count(code: ProblemCode, more: number): boolean {
    const count = this.#counts.get(code) ?? 0;
    this.#counts.set(code, count + more);
    return count < mostProblems;
  }
}

/** The problems of many objects, those of each bounded as in a `ProblemList`. As they are when they are few. */
export function boundProblems(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostProblems) return problems;
  const lists = new Map<string, ProblemList>();
  for (const problem of problems) {
    const { source, kind, namespace, name } = problem.subject;
    const key = `${source}|${kind}|${namespace}|${name}`;
    const list = lists.get(key) ?? new ProblemList(problem.subject);
    lists.set(key, list);
    list.add([problem]);
  }
  return [...lists.values()].flatMap((list) => list.toArray());
}

function toRest(code: ProblemCode, subject: Subject, more: number): Problem {
  const hint = 'Mend those that are listed; then the next ones are.';
  return {
    ...toProblem(code, subject, { message: `and ${countText(more)} more problems of this kind`, hint }),
    more,
  };
}
