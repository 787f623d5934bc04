import type { MirrorFilter } from '../../model/route-specs.ts';
import { malformed, type Field } from '../../lib/raw-fields.ts';
import { toBackendRef } from './backend-refs.ts';
import { numberAt, placeAt, reportAt, type Place } from './place.ts';

const most = 2 ** 31 - 1;

/** Undefined when any of it cannot be read. */
export function toMirrorFilter(values: Place, field: string): MirrorFilter | undefined {
  const backend = placeAt(values, 'backendRef');
  if (backend === undefined) reportAt(values, 'backendRef', 'a mapping with a Service');
  const fraction = toFraction(values);
  if (backend === undefined || backend === malformed || fraction === undefined) return undefined;
  return { type: 'RequestMirror', backendRef: toBackendRef(backend), fraction, field };
}

function toFraction(values: Place): MirrorFilter['fraction'] | undefined {
  const percent = numberAt(values, 'percent', 0, 100);
  const place = placeAt(values, 'fraction');
  if (percent === malformed || place === malformed) return undefined;
  if (place === undefined) return { numerator: percent ?? 100, denominator: 100 };
  if (percent !== undefined) {
    reportAt(values, 'percent', 'nothing, because there is a fraction,');
    return undefined;
  }
  const denominator = orHundred(numberAt(place, 'denominator', 1, most));
  if (denominator === malformed) return undefined;
  const numerator =
    numberAt(place, 'numerator', 0, denominator) ?? reportAt(place, 'numerator', 'a whole number');
  return numerator === malformed ? undefined : { numerator, denominator };
}

function orHundred(field: Field<number>): number | typeof malformed {
  return field ?? 100;
}
