import { accept, type Parsed } from './parsed.ts';
import { parseDuration } from './units.ts';

/** As `parseDuration`, and whole days, such as `14d`: for what no timer waits for. */
export function parseLongDuration(text: string): Parsed<number> {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  return days === undefined ? parseDuration(text) : accept(Number(days) * 86_400_000);
}
