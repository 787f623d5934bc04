/** Whether what was looked at is as it has to be, with the figures that say so. */
export interface Verdict {
  readonly what: string;
  readonly isGood: boolean;
  readonly detail: string;
}

/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** How much more a process may have in the last third than in the first one. */
export interface Allowance {
  /** As a share of the first third. */
  readonly share: number;
  /** In the unit of the figures. */
  readonly amount: number;
}

/**
 * Whether figures taken one after the other stay flat: the median of their last third is no more than that of the first one, within the
 * allowance. A single figure, such as one taken before a collection of garbage, says nothing. Fewer than six figures are flat.
 */
export function judgeFlat(
  what: string,
  figures: readonly number[],
  { share, amount }: Allowance,
  unit = 'MB',
): Verdict {
  const third = Math.floor(figures.length / 3);
  const [first, last] = [median(figures.slice(0, third)), median(figures.slice(-third))];
  const between = median(figures.slice(third, -third));
  const isGood = figures.length < 6 || last <= first * (1 + share) + amount;
  const detail =
    figures.length < 6
      ? `too few figures: ${figures.join(', ')} ${unit}`
      : `medians of the thirds of ${figures.length} figures ${[first, between, last].map(toText).join(', ')} ${unit}`;
  return { what, isGood, detail };
}

function toText(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** That two are the same, with what they are where they are not. */
export function judgeSame(what: string, found: unknown, wanted: unknown): Verdict {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a === b) return { what, isGood: true, detail: 'equal' };
  return { what, isGood: false, detail: toDifference(a, b) };
}

type Counts = Readonly<Record<string, number>>;

/** Whether there are no more of any kind. */
export function isWithin(found: Counts, most: Counts): boolean {
  return Object.entries(found).every(([kind, count]) => count <= (most[kind] ?? 0));
}

/** That there are no more of any kind than at first. */
export function judgeWithin(what: string, found: Counts = {}, most: Counts = {}): Verdict {
  const more = Object.entries(found).filter(([kind, count]) => count > (most[kind] ?? 0));
  const detail = more.map(([kind, count]) => `${kind} ${count} in place of ${most[kind] ?? 0}`).join(', ');
  const all = Object.values(found).reduce((sum, count) => sum + count, 0);
  return { what, isGood: more.length === 0, detail: detail === '' ? `${all}, no more of any kind` : detail };
}

/** The first place where two texts differ, with what stands around it. */
function toDifference(found = '', wanted = ''): string {
  let at = 0;
  while (at < found.length && found[at] === wanted[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 120), at + 200);
  return `at ${at} of ${found.length}: …${around(found)}… is to be …${around(wanted)}…`;
}
