import { sumDuration } from '../../lib/units.ts';
import { malformed, type Field } from '../../lib/raw-fields.ts';
import { textAt, type Place, type TextRule } from './place.ts';

/** https://gateway-api.sigs.k8s.io/geps/gep-2257/ */
const duration: TextRule = {
  most: 32,
  isRight: (text) => /^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/.test(text),
  wanted: 'a duration such as 10s, 1m30s or 500ms',
};

/** A duration of the Gateway API, in milliseconds. */
export function durationAt(place: Place, key: string): Field<number> {
  const text = textAt(place, key, duration);
  return text === undefined || text === malformed ? text : sumDuration(text);
}
