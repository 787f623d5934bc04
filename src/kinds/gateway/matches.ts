import { malformed } from '../../lib/raw-fields.ts';
import { listAt, reportTooMany, type Place } from './place.ts';

/** As many as the API server takes of one rule. */
const mostOfRule = 64;

/** How many matches a route may still have: the API server takes 128 of all rules together. */
export class MatchBudget {
  #left = 128;

  /** As many of some as there is room for. */
  take<T>(matches: readonly T[]): readonly T[] {
    const taken = matches.slice(0, this.#left);
    this.#left -= taken.length;
    return taken;
  }
}

/** One match, and whether all of its conditions are in it. */
export interface ReadMatch<T> {
  readonly match: T;
  readonly isWhole: boolean;
}

/**
 * The matches of a rule; one that takes everything where there is none, and those that cannot be read left out. Where one is not whole,
 * it takes more than it should, so the rule must not do with its requests what it says. Undefined, and reported, when none is left.
 */
export function toMatches<T>(
  rule: Place,
  budget: MatchBudget,
  read: (place: Place) => ReadMatch<T> | undefined,
): { readonly matches: readonly T[]; readonly isWhole: boolean } | undefined {
  const list = listAt(rule, 'matches', mostOfRule, read);
  if (list === malformed) return undefined;
  const given = Array.isArray(rule.raw['matches']) && rule.raw['matches'].length > 0;
  const all = given ? list.entries : [read({ raw: {}, field: `${rule.field}.matches`, report: rule.report })];
  const matches = all.flatMap((each) => each ?? []);
  const taken = budget.take(matches);
  if (taken.length < matches.length) reportTooMany(rule, 'matches', matches.length, taken.length);
  if (taken.length === 0) return undefined;
  return {
    matches: taken.map(({ match }) => match),
    isWhole: taken.every(({ isWhole }) => isWhole),
  };
}
