import type { ShrinkGuardSettings } from '../../settings/settings.ts';

/** What is a loss beyond reason of one source in one fleet, and what is done about it. */
export interface ShrinkPolicy {
  readonly mode: 'hold' | 'off' | 'warn';
  /** More than this share of the routes. */
  readonly share: number;
  /** Of fewer routes any loss is taken as it is. */
  readonly minimum: number;
  readonly forMs: number;
}

/** Of the rules that fit the first one counts; what it leaves out, and all others, are as the settings say. */
export function toPolicy(settings: ShrinkGuardSettings, source: string, fleet: string): ShrinkPolicy {
  const { rules, ...standard } = settings;
  const rule = rules.find((each) => (each.source ?? source) === source && (each.fleet ?? fleet) === fleet);
  return {
    mode: rule?.mode ?? standard.mode,
    share: rule?.share ?? standard.share,
    minimum: standard.minimum,
    forMs: rule?.forMs ?? standard.forMs,
  };
}
