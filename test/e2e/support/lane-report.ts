import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      /** Why the file failed as a whole. */
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** A test that failed, and the first line of why. */
export interface Failure {
  readonly test: string;
  readonly why: string;
}

/** How one file of tests went. */
export interface FileReport {
  /** The path as vitest has it. */
  readonly path: string;
  readonly seconds: number;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/** Reads what vitest's JSON reporter wrote. Undefined when the run ended before it wrote. */
export function readLaneReport(path: string): readonly FileReport[] | undefined {
  try {
    const { testResults } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return testResults.map(toFileReport);
  } catch {
    return undefined;
  }
}

function toFileReport(file: z.infer<typeof schema>['testResults'][number]): FileReport {
  const { name: path, startTime, endTime, assertionResults: tests } = file;
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => toFailure(fullName, failureMessages?.[0]));
  // A hook that fails leaves its tests skipped: without this the file would count as passed.
  if (failures.length === 0 && file.status === 'failed') failures.push(toFailure('the file', file.message));
  return {
    path,
    seconds: Math.round((endTime - startTime) / 1000),
    passed: tests.filter(({ status }) => status === 'passed').length,
    skipped: tests.filter(({ status }) => !['passed', 'failed'].includes(status)).length,
    failures,
  };
}

function toFailure(test: string, message = ''): Failure {
  return { test, why: message.split('\n', 1)[0] ?? '' };
}

/** The last lines of a run: what all files add up to, what took longest, and what failed. */
export function toSummary(files: readonly FileReport[], seconds: number): string {
  const sum = (toCount: (file: FileReport) => number): number =>
    files.reduce((total, file) => total + toCount(file), 0);
  const [passed, failed, skipped] = [
    sum((file) => file.passed),
    sum((file) => file.failures.length),
    sum((file) => file.skipped),
  ];
  const longest = files
    .toSorted((a, b) => b.seconds - a.seconds)
    .map((file) => `${toName(file)} ${file.seconds}`);
  return [
    `Seconds by file, which decide the division in test/e2e/support/lanes.ts: ${longest.join(', ')}.`,
    ...describeFailures(files),
    `End to end: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s.`,
  ].join('\n');
}

/** One line for each test that failed: its file, its name and why. */
export function describeFailures(files: readonly FileReport[]): readonly string[] {
  return files.flatMap((file) =>
    file.failures.map(({ test, why }) => `FAILED in ${toName(file)}: ${test}: ${why}`),
  );
}

function toName({ path }: FileReport): string {
  return basename(path, '.e2e.ts');
}
