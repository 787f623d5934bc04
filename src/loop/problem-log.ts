import type { Logger } from 'pino';
import { toObjectPath } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';

/** Logs each problem when it appears and when it goes, and not at every rebuild in between. */
export class ProblemLog {
  readonly #log: Logger;
  #known = new Map<string, Problem>();

  constructor(log: Logger) {
    this.#log = log;
  }

  update(problems: readonly Problem[]): void {
    const next = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
    for (const [key, problem] of next) if (!this.#known.has(key)) this.#write(problem, 'problem');
    for (const [key, problem] of this.#known) if (!next.has(key)) this.#write(problem, 'problem is gone');
    this.#known = next;
  }

  #write({ severity, code, subject, field, message, hint }: Problem, text: string): void {
    const level = severity === 'info' || text !== 'problem' ? 'info' : 'warn';
    this.#log[level](
      { code, object: toObjectPath(subject), source: subject.source, field, problem: message, hint },
      text,
    );
  }
}
