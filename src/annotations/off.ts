import { accept, toValue, type Parser } from './parsers.ts';

/** What switches off where `"false"` or `0` would be no value: it counts like any other, before that of a Service. */
export type Off = false;

/** Takes the word `off` besides what the parser takes. */
export function orOff<T>(parse: Parser<T>): Parser<T | Off> {
  return (text) => (toValue(text).toLowerCase() === 'off' ? accept(false) : parse(text));
}
