import { readMigration, stateKey } from '../annotations/own/migration.ts';
import { toStateText } from '../annotations/migration-plan.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { Service } from '../model/objects.ts';
import { annotationField, toProblem, type Problem } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import type { MigrateDirective } from '../annotations/directives.ts';
import { toTargetText } from '../annotations/service-target.ts';
import { joinName } from '../traefik/names.ts';
import { longestWindowMs, type ErrorShares } from './error-shares.ts';
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
  /** What Traefik counts. */
  readonly errors: Pick<ErrorShares, 'shareOf' | 'want'>;
  /** The source whose name stands in no name of Traefik's. */
  readonly firstSource: string;
}

/** Why a plan waits: the words of a problem. */
type Trouble = Pick<Problem, 'hint' | 'message'>;

/** Fewer requests say nothing. */
const fewestRequests = 20;
const defaultMaxErrors = 5;
/** How soon it is looked again whether requests still fail. */
const recheckMs = 5_000;
/** Longer than two rounds of questions. */
const shortestWindowMs = 15_000;

/** Carries out the plans of moves, for as long as this process leads: says what is to be written down, and when to look again. */
export class MigrationSteps {
  readonly #options: MigrationStepsOptions;
  readonly #decided = new Map<ObjectKey, Decided>();
  readonly #held = new Map<ObjectKey, Problem>();
  /** What the services of the other sides are called in Traefik, before their port. */
  readonly #prefixes = new Map<ObjectKey, string>();
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
    this.#watch(key, toPrefix(service, migrate, this.#options.firstSource));
    const failing = this.#findErrors(key, migrate);
    const trouble = findTrouble(key) ?? failing;
    const basis = JSON.stringify([migrate, trouble?.message]);
    const former = this.#decided.get(key);
    const now = this.#options.now();
    // What was decided and is not to be seen yet stands: decided once more it would have another time.
    if (former?.basis !== basis || former.text === present) {
      const { plan } = migrate;
      const { state, dueAt, isHeld } = planMigration({ ...migrate, plan }, now, trouble === undefined);
      // Nothing else may happen until they fail no more.
      const next = isHeld && failing !== undefined ? now + recheckMs : dueAt;
      this.#decided.set(key, { basis, dueAt: next, text: state && toStateText(state) });
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
      this.#watch(key, undefined);
    }
  }

  /** The leadership has begun or ended, or the process ends. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#decided.clear();
    this.#held.clear();
    this.#prefixes.clear();
    this.#options.errors.want(undefined);
  }

  #watch(key: ObjectKey, prefix: string | undefined): void {
    if (this.#prefixes.get(key) === prefix) return;
    if (prefix === undefined) this.#prefixes.delete(key);
    else this.#prefixes.set(key, prefix);
    const prefixes = [...this.#prefixes.values()];
    this.#options.errors.want(
      prefixes.length === 0 ? undefined : (service) => prefixes.some((each) => isOf(service, each)),
    );
  }

  #findErrors(key: ObjectKey, migrate: MigrateDirective): Trouble | undefined {
    const { to, plan, state, maxErrors = defaultMaxErrors } = migrate;
    const prefix = this.#prefixes.get(key);
    if (prefix === undefined || state?.at === undefined) return undefined;
    const { lastsMs = 0 } = plan?.[state.at.step] ?? {};
    const windowMs = Math.max(shortestWindowMs, Math.min(lastsMs, longestWindowMs));
    const share = this.#options.errors.shareOf((service) => isOf(service, prefix), windowMs);
    if (share === undefined || share.requests < fewestRequests) return undefined;
    if (share.errors <= (share.requests * maxErrors) / 100) return undefined;
    return {
      message: `more than ${maxErrors}% of the requests to Service ${toTargetText(to)} fail`,
      hint: 'Mend that Service, raise fairlead.dev/migrate-max-errors, or set fairlead.dev/migrate-weight to 0.',
    };
  }

  #hold(key: ObjectKey, { meta }: Service, trouble: Trouble | undefined): void {
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

/** Undefined once the plan stands at its last step. */
function toPrefix(
  { meta: { ref } }: Service,
  { to, plan, state }: MigrateDirective,
  firstSource: string,
): string | undefined {
  if (state?.at !== undefined && plan?.[state.at.step]?.lastsMs === undefined) return undefined;
  const { source = ref.source, namespace = ref.namespace, name } = to;
  return `${joinName(source === firstSource ? namespace : `${source}:${namespace}`, name)}_`;
}

function isOf(service: string, prefix: string): boolean {
  return service.startsWith(prefix) && /^\d+$/.test(service.slice(prefix.length));
}
