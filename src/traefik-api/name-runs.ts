/** A name, or those of consecutive numbers: `['tcp-', 20000, 20002]` is `tcp-20000`, `tcp-20001` and `tcp-20002`. */
export type NameRun = string | readonly [start: string, from: number, to: number];

/** The same names in the same order, in a few bytes: the entryPoints of a pool are ten thousand names that differ in their number. */
export function toNameRuns(names: readonly string[]): readonly NameRun[] {
  const runs: [start: string, from: number, to: number, name: string][] = [];
  for (const name of names) {
    const [, start = name, digits = ''] = /^(.*?)(0|[1-9]\d{0,4})$/.exec(name) ?? [];
    const number = digits === '' ? NaN : Number(digits);
    const last = runs.at(-1);
    if (last?.[0] === start && last[2] + 1 === number) last[2] = number;
    else runs.push([start, number, number, name]);
  }
  return runs.map(([start, from, to, name]) => (from < to ? [start, from, to] : name));
}

/** How many names these are, known without listing them. */
export function countNames(runs: readonly NameRun[]): number {
  return runs.reduce((sum, run) => sum + (typeof run === 'string' ? 1 : Math.max(0, run[2] - run[1] + 1)), 0);
}

/** The names. Whoever cannot trust the runs counts first. */
export function listNames(runs: readonly NameRun[]): readonly string[] {
  return runs.flatMap((run) => {
    if (typeof run === 'string') return [run];
    const [start, from, to] = run;
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => `${start}${from + index}`);
  });
}
