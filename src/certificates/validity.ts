import { type Der, tags } from './der.ts';
import { refuse } from './refusal.ts';

/** From when to when a certificate holds, in milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The times of a certificate, as RFC 5280 writes them: to the second, and in UTC. */
export function readValidity(validity: Der): Validity {
  return { notBefore: readTime(validity), notAfter: readTime(validity) };
}

function readTime(validity: Der): number {
  const { tag, content } = validity.readAny();
  const text = content.toBytes().toString('latin1');
  switch (tag) {
    case tags.utcTime:
      // Two digits stand for 1950 to 2049.
      return toTime(text, `${text < '5' ? '20' : '19'}${text}`);
    case tags.generalizedTime:
      return toTime(text, text);
    default:
      return refuse('has times of validity that Traefik cannot read');
  }
}

function toTime(text: string, full: string): number {
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = iso === full ? Number.NaN : Date.parse(iso);
  // The 30th of February would be read as the 1st or 2nd of March.
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) {
    return refuse(`has ${JSON.stringify(text.slice(0, 40))} as a time of its validity`);
  }
  return time;
}
