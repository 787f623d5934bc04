import { createHash } from 'node:crypto';
import { parseLongDuration } from '../lib/long-duration.ts';
import { accept, quote, refuse, toItems, type Parser } from './parsers.ts';

/** One step of a plan. */
export interface PlanStep {
  /** Percent. */
  readonly weight: number;
  /** How long it lasts, in milliseconds; absent for the last step, which stays. */
  readonly lastsMs?: number;
}

/** The steps of `fairlead.dev/migrate-plan`: at least one, of which only the last lasts. */
export type MigrationPlan = readonly PlanStep[];

/** Where a plan stands, as `fairlead.dev/migrate-state` says it. */
export interface MigrationState {
  /** Percent. */
  readonly weight: number;
  /** The Service that has this share, by `toTargetText`. */
  readonly to: string;
  /** Where in which plan it stands; absent: the weight was set by hand. */
  readonly at?: PlanPosition;
}

export interface PlanPosition {
  /** From 0. */
  readonly step: number;
  /** Since when it is in force: milliseconds since 1970, a whole number of seconds. */
  readonly since: number;
  /** By `toFingerprint`. */
  readonly plan: string;
}

const mostSteps = 50;
/** Shorter ones would be a flood of changes. */
const shortestMs = 1_000;
/** A year. */
const longestMs = 365 * 86_400_000;

/** Parses `5%@10m,25%@1h,100%`. */
export const migrationPlan: Parser<MigrationPlan> = (text) => {
  const items = toItems(text.length > 1_000 ? '' : text);
  const wrong = refuse(
    `${quote(text)} is not a plan of 1 to ${mostSteps} steps`,
    'Write steps such as "5%@10m,25%@1h,100%": percent, and how long; the last one stays.',
  );
  if (items.length === 0 || items.length > mostSteps) return wrong;
  const steps = items.map((item, index) => toStep(item, index === items.length - 1));
  return steps.every((step) => step !== undefined) ? accept(steps) : wrong;
};

function toStep(item: string, isLast: boolean): PlanStep | undefined {
  const [, percent = '', duration] = /^(\d{1,3})%(?:@(\S{1,20}))?$/.exec(item) ?? [];
  const weight = percent === '' ? 101 : Number(percent);
  if (weight > 100 || isLast !== (duration === undefined)) return undefined;
  if (duration === undefined) return { weight };
  const lasts = parseLongDuration(duration);
  return lasts.ok && lasts.value >= shortestMs && lasts.value <= longestMs
    ? { weight, lastsMs: lasts.value }
    : undefined;
}

/** The same for the same steps, however they are written. */
export function toFingerprint(plan: MigrationPlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 8);
}

/** A state as the annotation has it: `25% to web, step 2 since 2026-01-01T12:00:00Z of plan 1f2e3d4c`. */
export function toStateText({ weight, to, at }: MigrationState): string {
  const since = at && new Date(at.since).toISOString().replace('.000Z', 'Z');
  return `${weight}% to ${to}, ${at === undefined ? 'set by hand' : `step ${at.step + 1} since ${since} of plan ${at.plan}`}`;
}

const stateText =
  /^(\d{1,3})% to (\S{1,300}), (?:set by hand|step (\d{1,2}) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) of plan ([0-9a-f]{8}))$/;

/** Parses what `toStateText` writes. */
export const migrationState: Parser<MigrationState> = (text) => {
  const [, percent = '', to = '', step, since = '', plan = ''] =
    text.length > 500 ? [] : (stateText.exec(text) ?? []);
  const weight = percent === '' ? 101 : Number(percent);
  const at = { step: Number(step) - 1, since: Date.parse(since), plan };
  if (weight > 100 || (step !== undefined && (at.step < 0 || Number.isNaN(at.since))))
    return refuse(`${quote(text)} is not what Fairlead writes there`, 'Remove it; it is written again.');
  return accept({ weight, to, ...(step !== undefined && { at }) });
};
