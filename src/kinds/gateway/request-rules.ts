import type { HttpBackendRef, HttpRouteRule } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { mostBackends, toBackendRef } from './backend-refs.ts';
import { toFilters, toUnreadable, type FilterType } from './filters.ts';
import { MatchBudget, toMatches, type ReadMatch } from './matches.ts';
import { entriesOf, listAt, textAt, type Place } from './place.ts';
import { toSessionPersistence } from './session-persistence.ts';
import { sectionName } from './words.ts';

/** As many as the API server takes of one route. */
const mostRules = 16;

/** What is common to the rules of an HTTPRoute and of a GRPCRoute. */
export interface RequestRuleOf<T> extends Omit<HttpRouteRule, 'matches' | 'retry' | 'timeouts'> {
  readonly matches: readonly T[];
}

/**
 * `spec.rules`. A rule with conditions that cannot be read has a filter `other`, so that its requests get 500. One of which no match
 * can be read is left out.
 */
export function toRequestRules<T, R extends RequestRuleOf<T>>(
  spec: Place,
  types: readonly FilterType[],
  readMatch: (place: Place) => ReadMatch<T> | undefined,
  complete: (rule: RequestRuleOf<T>, place: Place) => R,
): readonly R[] | typeof malformed {
  const budget = new MatchBudget();
  const list = listAt(spec, 'rules', mostRules, (place) => {
    const read = toMatches(place, budget, readMatch);
    if (read === undefined) return undefined;
    const filters = toFilters(place, types);
    return complete(
      {
        ...toRuleName(place),
        matches: read.matches,
        filters: read.isWhole ? filters : [...filters, toUnreadable(`${place.field}.matches`)],
        backendRefs: toHttpBackendRefs(place, types),
        ...toSessionPersistence(place),
        field: shareText(place.field),
      },
      place,
    );
  });
  return list === malformed ? malformed : list.entries;
}

/** The name of a rule, which is only shown. */
export function toRuleName(rule: Place): { readonly name?: string } {
  const name = textAt(rule, 'name', sectionName);
  return typeof name === 'string' ? { name } : {};
}

function toHttpBackendRefs(rule: Place, types: readonly FilterType[]): readonly HttpBackendRef[] {
  const read = (place: Place): HttpBackendRef => ({
    ...toBackendRef(place),
    filters: toFilters(place, types),
  });
  return entriesOf(listAt(rule, 'backendRefs', mostBackends, read));
}
