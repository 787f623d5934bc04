import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

/** How the files of one lane went, as vitest's JSON reporter says. */
export interface LaneReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names without folder and ending. */
  readonly seconds: ReadonlyMap<string, number>;
}

/** Undefined when the lane ended before it wrote its report. */
export function readLaneReport(path: string): LaneReport | undefined {
  try {
    const report = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const files = report.testResults.map(({ name, startTime, endTime }) => {
      return [basename(name, '.e2e.ts'), Math.round((endTime - startTime) / 1000)] as const;
    });
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      seconds: new Map(files),
    };
  } catch {
    return undefined;
  }
}

/** The last lines of a run: what all lanes add up to, and what took longest. */
export function toSummary(reports: readonly (LaneReport | undefined)[], seconds: number): string {
  const whole = reports.filter((report) => report !== undefined);
  const sum = (figure: 'passed' | 'failed' | 'skipped'): number =>
    whole.reduce((total, report) => total + report[figure], 0);
  const longest = whole
    .flatMap((report) => [...report.seconds])
    .toSorted((a, b) => b[1] - a[1])
    .map(([file, each]) => `${file} ${each}`);
  const lines = [
    `End to end: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped in ${seconds} s.`,
    `Seconds by file, which decide the division in test/e2e/support/lanes.ts: ${longest.join(', ')}.`,
  ];
  const lost = reports.length - whole.length;
  if (lost > 0)
    lines.push(`${lost} of ${reports.length} lanes ended without a report: they do not count here.`);
  return lines.join('\n');
}
