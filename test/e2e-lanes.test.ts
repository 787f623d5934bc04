import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTempFolder } from './e2e/support/cleanup.ts';
import { readLaneReport, toSummary } from './e2e/support/lane-report.ts';
import { countLanes, secondsByFile, toLanes } from './e2e/support/lanes.ts';

const files = ['a', 'b', 'c', 'd', 'e'].map((name) => `test/e2e/${name}.e2e.ts`);

describe('lanes', () => {
  test('take the longest first, each where there is least', () => {
    expect(toLanes(files, 2, { a: 20, c: 70, d: 30 })).toEqual([
      ['test/e2e/c.e2e.ts'],
      ['test/e2e/d.e2e.ts', 'test/e2e/a.e2e.ts', 'test/e2e/b.e2e.ts', 'test/e2e/e.e2e.ts'],
    ]);
  });

  test.each([1, 2, 3, 9])('have every file once, and none is empty (%d lanes)', (count) => {
    const lanes = toLanes(files, count);
    expect(lanes.flat().toSorted()).toEqual(files);
    expect(lanes).toHaveLength(Math.min(count, files.length));
  });

  test('are as many as is asked for', () => {
    expect(countLanes('4')).toBe(4);
    expect(countLanes('')).toBeGreaterThan(0);
    expect(() => countLanes('none')).toThrow('FAIRLEAD_E2E_LANES is "none": write a number such as 2.');
  });

  test.each(Object.keys(secondsByFile))('know how long %s takes because it is there', (name) => {
    expect(existsSync(join(import.meta.dirname, 'e2e', `${name}.e2e.ts`))).toBe(true);
  });
});

test('the summary adds up what the lanes report, and says when one reports nothing', () => {
  const folder = makeTempFolder();
  onTestFinished(() => folder.remove());
  const write = (
    lane: string,
    passed: number,
    failed: number,
    seconds: Readonly<Record<string, number>>,
  ): string => {
    const path = join(folder.path, lane);
    const testResults = Object.entries(seconds).map(([name, each]) => {
      return { name: `/project/test/e2e/${name}.e2e.ts`, startTime: 1_000, endTime: 1_000 + each * 1_000 };
    });
    writeFileSync(
      path,
      JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 3, testResults }),
    );
    return path;
  };
  const paths = [
    write('1', 10, 1, { ports: 41, away: 78 }),
    write('2', 20, 0, { rbac: 103 }),
    join(folder.path, '3'),
  ];
  expect(toSummary(paths.map(readLaneReport), 125).split('\n')).toEqual([
    'End to end: 30 passed, 1 failed, 6 skipped in 125 s.',
    'Seconds by file, which decide the division in test/e2e/support/lanes.ts: rbac 103, away 78, ports 41.',
    '1 of 3 lanes ended without a report: they do not count here.',
  ]);
});
