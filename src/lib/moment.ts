import type { Moment } from '../model/moment.ts';

/** Now. */
export function toMoment(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}
