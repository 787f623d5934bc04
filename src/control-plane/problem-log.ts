import type { Logger } from 'pino';
import { toObjectPath } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';

const levels = { error: 'error', warning: 'warn', info: 'info' } as const;

/** Logs each problem when it appears and when it goes, and not at every rebuild in between. */
export class ProblemLog {
  readonly #log: Logger;
  /** The text of each problem, by which a problem that was found again is still the same one. */
  #known: ReadonlyMap<Problem, string> = new Map();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Costs little for problems that are the very objects of the last call: those of objects that were not translated again. */
  update(problems: readonly Problem[]): void {
    const next = new Map(
      problems.map((problem) => [problem, this.#known.get(problem) ?? JSON.stringify(problem)]),
    );
    const [before, after] = [new Set(this.#known.values()), new Set(next.values())];
    for (const [problem, text] of next) if (!before.has(text)) this.#write(problem, 'problem');
    for (const [problem, text] of this.#known) if (!after.has(text)) this.#write(problem, 'problem is gone');
    this.#known = next;
  }

  #write({ severity, code, subject, field, message, hint }: Problem, text: string): void {
    const level = text === 'problem' ? levels[severity] : 'info';
    this.#log[level](
      { code, object: toObjectPath(subject), source: subject.source, field, problem: message, hint },
      text,
    );
  }
}
