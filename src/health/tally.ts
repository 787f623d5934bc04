/** How an endpoint stands: by its verdict, and how many results in a row speak against that. */
export interface Tally {
  readonly failing: boolean;
  readonly against: number;
}

/** So many failures in a row take an endpoint out: one lost packet does not. */
const fall = 3;
/** So many successes in a row bring it back. */
const rise = 2;

/** The standing after one more result. An endpoint that fails every other time stays where it is. */
export function count({ failing, against }: Tally, passed: boolean): Tally {
  if (passed !== failing) return { failing, against: 0 };
  const turned = against + 1 >= (failing ? rise : fall);
  return turned ? { failing: !failing, against: 0 } : { failing, against: against + 1 };
}
