import type { EnduranceResult } from './run-endurance.ts';

/** What happened how often, and what came of it, as text for people. */
export function toEnduranceReport({ counts, verdicts }: EnduranceResult, seed: number): string {
  const width = Math.max(...Object.keys(counts).map((kind) => kind.length));
  const rows = Object.entries(counts).map(
    ([kind, count]) => `${kind.padEnd(width)}  ${count.toLocaleString('en').padStart(10)}`,
  );
  const lines = verdicts.map(({ what, isGood, detail }) => `${isGood ? 'ok  ' : 'FAIL'}  ${what}: ${detail}`);
  return [`seed ${seed}`, '', ...rows, '', ...lines].join('\n');
}
