import type { HttpRouteRule } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { durationAt } from './durations.ts';
import { numberAt, placeAt, reportAt, type Place } from './place.ts';

/** All codes that there can be. */
const mostCodes = 200;

/** `retry` of a rule; absent where it cannot be read. */
export function toRetry(rule: Place): Pick<HttpRouteRule, 'retry'> {
  const place = placeAt(rule, 'retry');
  if (place === undefined || place === malformed) return {};
  const codes = toCodes(place);
  const attempts = numberAt(place, 'attempts', 1, 2 ** 31 - 1);
  const backoff = durationAt(place, 'backoff');
  if (codes === malformed || attempts === malformed || backoff === malformed) return {};
  return {
    retry: {
      codes,
      ...(attempts !== undefined && { attempts }),
      ...(backoff !== undefined && { backoff }),
      field: place.field,
    },
  };
}

function toCodes(place: Place): readonly number[] | typeof malformed {
  const value = place.raw['codes'] ?? [];
  const isList = Array.isArray(value) && value.length <= mostCodes && value.every(isCode);
  return isList
    ? [...new Set(value.filter(isCode))]
    : reportAt(place, 'codes', 'a list of status codes from 400 to 599');
}

function isCode(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}
