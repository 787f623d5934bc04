import type { CodeCount, Page, ProblemCounts, ProblemQuery, Sight } from '../../model/listing.ts';
import { compareText, toObjectPath } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import { filterInSlices, toPage } from './find-page.ts';
import { hasWords, toWords } from './words.ts';

/** They are put together again at most so often. */
const freshMs = 250;
const severities = ['error', 'warning', 'info'] as const;
const none: ProblemCounts = { error: 0, warning: 0, info: 0 };

/** All problems, the worst first, to be looked through and counted. */
export class ProblemList {
  readonly #read: () => readonly Problem[];
  readonly #now: () => number;
  #readAt = -Infinity;
  #seen: readonly Problem[] = [];
  #sorted: readonly Problem[] = [];
  #counts = new Map<string, ProblemCounts>();
  #texts = new WeakMap<Problem, string>();
  #version = 0;

  constructor(read: () => readonly Problem[], now: () => number = () => performance.now()) {
    this.#read = read;
    this.#now = now;
  }

  /** Another number whenever there are other problems. */
  get version(): number {
    this.#update();
    return this.#version;
  }

  of(object: string, source: string): ProblemCounts {
    this.#update();
    return this.#counts.get(`${source}|${object}`) ?? none;
  }

  /** How many there are of each code, the worst and then the most first. */
  countCodes({ sees }: Sight): readonly CodeCount[] {
    this.#update();
    const counts = new Map<string, CodeCount>();
    for (const problem of this.#sorted) {
      const { code, severity, subject, more = 1 } = problem;
      if (!sees(subject.namespace)) continue;
      counts.set(code, { code, severity, count: (counts.get(code)?.count ?? 0) + more });
    }
    return [...counts.values()].sort((a, b) => bySeverity(a, b) || b.count - a.count);
  }

  async find(query: ProblemQuery): Promise<Page<Problem>> {
    this.#update();
    const words = toWords(query.text);
    const { sees, hide } = query.sight;
    const found = await filterInSlices(
      this.#sorted,
      (problem) =>
        (query.codes === undefined || query.codes.has(problem.code)) &&
        (query.severity === undefined || problem.severity === query.severity) &&
        sees(problem.subject.namespace) &&
        // What is hidden is not found either.
        (words.length === 0 || hasWords(hide(this.#toText(problem)).toLowerCase(), words)),
    );
    const { total, rows } = toPage(found, query);
    return { total, rows: rows.map((problem) => toSeen(problem, query.sight)) };
  }

  #update(): void {
    if (this.#now() - this.#readAt < freshMs) return;
    this.#readAt = this.#now();
    const seen = this.#read();
    if (isSame(seen, this.#seen)) return;
    this.#version += 1;
    this.#seen = seen;
    this.#sorted = seen.toSorted(byWeight);
    this.#counts = new Map();
    for (const { subject, severity, more = 1 } of seen) {
      const key = `${subject.source}|${toObjectPath(subject)}`;
      const counts = this.#counts.get(key) ?? none;
      this.#counts.set(key, { ...counts, [severity]: counts[severity] + more });
    }
  }

  #toText(problem: Problem): string {
    let text = this.#texts.get(problem);
    if (text === undefined) {
      const { code, subject, field, message, hint } = problem;
      const words = [`code:${code}`, `ns:${subject.namespace}`, toObjectPath(subject), subject.source];
      text = [...words, field, message, hint].join(' ');
      this.#texts.set(problem, text);
    }
    return text;
  }
}

function toSeen(problem: Problem, { hide }: Sight): Problem {
  return { ...problem, message: hide(problem.message), hint: hide(problem.hint) };
}

function isSame(a: readonly Problem[], b: readonly Problem[]): boolean {
  return (
    a.length === b.length &&
    a.every((problem, index) => problem === b[index] || JSON.stringify(problem) === JSON.stringify(b[index]))
  );
}

function bySeverity(a: Pick<Problem, 'severity'>, b: Pick<Problem, 'severity'>): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

function byWeight(a: Problem, b: Problem): number {
  return (
    bySeverity(a, b) ||
    compareText(a.subject.namespace, b.subject.namespace) ||
    compareText(a.subject.name, b.subject.name) ||
    compareText(a.code, b.code) ||
    compareText(a.field, b.field)
  );
}
