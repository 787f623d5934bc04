import type { MigrateDirective } from '../../annotations/directives.ts';
import { toFingerprint, type MigrationPlan, type MigrationState } from '../../annotations/migration-plan.ts';
import { toTargetText } from '../../annotations/service-target.ts';

/** Where a plan stands from now on. */
export interface PlannedMigration {
  /** Undefined while it has not begun. */
  readonly state: MigrationState | undefined;
  /** When to look again, in milliseconds since 1970; undefined when time alone changes nothing. */
  readonly dueAt: number | undefined;
  /** It would go on, were it not for what is wrong. */
  readonly isHeld: boolean;
}

type Planned = Omit<MigrateDirective, 'plan'> & { readonly plan: MigrationPlan };

/**
 * A weight that was set by hand is written down as it is. A plan that begins, or is another one than before, goes on with its first
 * step that is at least the weight in force, else with its last. From then on each step lasts its time, and one step follows the other:
 * none is left out, however long nobody looked.
 * @param now Milliseconds since 1970.
 * @param isWell Whether nothing is wrong with the move. Otherwise the weight stays as it is.
 */
export function planMigration(
  { to, weight, plan, state }: Planned,
  now: number,
  isWell: boolean,
): PlannedMigration {
  const text = toTargetText(to);
  if (weight !== undefined) return { state: { weight, to: text }, dueAt: undefined, isHeld: false };
  const current = state?.to === text ? state : undefined;
  const fingerprint = toFingerprint(plan);
  const at = current?.at;
  const step = at === undefined || at.plan !== fingerprint ? undefined : plan[at.step];
  const enter = (index: number): PlannedMigration => {
    // Whole seconds are written down: rather a step that lasts a little longer.
    const since = Math.ceil(now / 1_000) * 1_000;
    const next = plan[index];
    if (!isWell || next === undefined) return { state: current, dueAt: undefined, isHeld: true };
    return {
      state: { weight: next.weight, to: text, at: { step: index, since, plan: fingerprint } },
      dueAt: next.lastsMs === undefined ? undefined : since + next.lastsMs,
      isHeld: false,
    };
  };
  if (current === undefined || at === undefined || step === undefined || step.weight !== current.weight)
    return enter(findStep(plan, current?.weight ?? 0));
  if (step.lastsMs === undefined) return { state: current, dueAt: undefined, isHeld: false };
  const dueAt = at.since + step.lastsMs;
  return now < dueAt ? { state: current, dueAt, isHeld: false } : enter(at.step + 1);
}

function findStep(plan: MigrationPlan, weight: number): number {
  const first = plan.findIndex((step) => step.weight >= weight);
  return first < 0 ? plan.length - 1 : first;
}
