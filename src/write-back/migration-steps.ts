import { readMigration, stateKey } from '../annotations/own/migration.ts';
import { toStateText } from '../annotations/migration-plan.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { Service } from '../model/objects.ts';
import { annotationField, toProblem, type Problem } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import { planMigration } from './plan/plan-migration.ts';

/** Timers hold for 24 days at most, and the clock of a machine may be set meanwhile. */
const longestWaitMs = 3_600_000;

/** What keeps a plan from going on. */
const troubles: ReadonlySet<ProblemCode> = new Set([
  'move-port-missing',
  'move-refused',
  'move-target-empty',
  'move-target-missing',
]);

/** The problem that keeps the plan of each Service from going on. */
export function listTroubles(problems: readonly Problem[]): ReadonlyMap<ObjectKey, Problem> {
  const field = annotationField('fairlead.dev/migrate-to');
  return new Map(
    problems
      .filter((problem) => troubles.has(problem.code) && problem.field === field)
      .map((problem) => [toObjectKey(problem.subject), problem]),
  );
}

/** What was decided for a Service, and on what. */
interface Decided {
  readonly basis: string;
  readonly text: string | undefined;
  readonly dueAt: number | undefined;
}

export interface MigrationStepsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when the time of steps is over: they are to be planned again. */
  readonly due: (services: readonly ObjectKey[]) => void;
}

/** Carries out the plans of moves, for as long as this process leads: says what is to be written down, and when to look again. */
export class MigrationSteps {
  readonly #options: MigrationStepsOptions;
  readonly #decided = new Map<ObjectKey, Decided>();
  readonly #held = new Map<ObjectKey, Problem>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MigrationStepsOptions) {
    this.#options = options;
  }

  /** Of plans that wait, although their step is over. */
  get problems(): readonly Problem[] {
    return [...this.#held.values()];
  }

  /** What is to be changed of the annotations of a Service. */
  plan(
    service: Service,
    findTrouble: (service: ObjectKey) => Problem | undefined,
  ): Readonly<Record<string, string | null>> {
    const key = toObjectKey(service.meta.ref);
    const { annotations } = service.meta;
    const present = annotations[stateKey];
    const migrate = readMigration(annotations);
    if (migrate?.plan === undefined) {
      this.forget([key]);
      return present === undefined ? {} : { [stateKey]: null };
    }
    const trouble = findTrouble(key);
    const basis = JSON.stringify([migrate, trouble?.message]);
    const former = this.#decided.get(key);
    const now = this.#options.now();
    // What was decided and is not to be seen yet stands: decided once more it would have another time.
    if (former?.basis !== basis || former.text === present) {
      const { plan } = migrate;
      const { state, dueAt, isHeld } = planMigration({ ...migrate, plan }, now, trouble === undefined);
      this.#decided.set(key, { basis, dueAt, text: state && toStateText(state) });
      this.#hold(key, service, isHeld ? trouble : undefined);
      this.#wait();
    }
    const text = this.#decided.get(key)?.text;
    return text === present ? {} : { [stateKey]: text ?? null };
  }

  /** Services that are gone. */
  forget(keys: Iterable<ObjectKey>): void {
    for (const key of keys) {
      this.#decided.delete(key);
      this.#held.delete(key);
    }
  }

  /** The leadership has begun or ended, or the process ends. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#decided.clear();
    this.#held.clear();
  }

  #hold(key: ObjectKey, { meta }: Service, trouble: Problem | undefined): void {
    if (trouble === undefined) {
      this.#held.delete(key);
      return;
    }
    const field = annotationField('fairlead.dev/migrate-plan');
    const message = `the plan waits at its step: ${trouble.message}`;
    this.#held.set(key, toProblem('move-plan-held', meta.ref, { field, message, hint: trouble.hint }));
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const dues = [...this.#decided.values()].flatMap(({ dueAt }) => dueAt ?? []);
    if (dues.length === 0) return;
    const wait = dues.reduce((a, b) => Math.min(a, b)) - this.#options.now();
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.max(wait, 0) + 10, longestWaitMs)).unref();
  }

  #fire(): void {
    const now = this.#options.now();
    const over = [...this.#decided].filter(([, { dueAt }]) => dueAt !== undefined && dueAt <= now);
    // What is over is decided again by whoever is called; a Service that cannot be looked at now waits for its next change.
    for (const [key, decided] of over) this.#decided.set(key, { ...decided, dueAt: undefined });
    this.#wait();
    if (over.length > 0) this.#options.due(over.map(([key]) => key));
  }
}
