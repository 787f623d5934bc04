import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTempFolder } from './e2e/support/cleanup.ts';
import { readLaneReport, toSummary, type FileReport } from './e2e/support/lane-report.ts';
import { countLanes, longFiles, secondsByFile, select, toLanes } from './e2e/support/lanes.ts';
import { settle, type LaneResult } from './e2e/support/run-lanes.ts';

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

  test('are of all files, of the long ones or of the others', () => {
    const all = ['test/e2e/alerts.e2e.ts', 'test/e2e/ports.e2e.ts'];
    expect(select(all, 'all')).toEqual(all);
    expect(select(all, 'long')).toEqual(['test/e2e/alerts.e2e.ts']);
    expect(select(all, 'short')).toEqual(['test/e2e/ports.e2e.ts']);
  });

  test.each([...longFiles, ...Object.keys(secondsByFile)])(
    'know how long %s takes because it is there',
    (name) => {
      expect(existsSync(join(import.meta.dirname, 'e2e', `${name}.e2e.ts`))).toBe(true);
    },
  );
});

/** What vitest's JSON reporter writes of a file. */
function toResult(name: string, seconds: number, tests: Readonly<Record<string, string>>): object {
  const statuses = Object.values(tests);
  return {
    name: `/project/test/e2e/${name}.e2e.ts`,
    startTime: 1_000,
    endTime: 1_000 + seconds * 1_000,
    status: statuses.includes('failed') || statuses.length === 0 ? 'failed' : 'passed',
    message: statuses.length === 0 ? 'a hook ended badly' : '',
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({
      fullName,
      status,
      failureMessages: status === 'failed' ? ['Error: expected 1\n  at line 3'] : [],
    })),
  };
}

/** Reads what a lane with these files would have written. */
function report(...testResults: readonly object[]): readonly FileReport[] {
  const folder = makeTempFolder();
  try {
    const path = join(folder.path, 'lane.json');
    writeFileSync(path, JSON.stringify({ testResults }));
    return readLaneReport(path) ?? [];
  } finally {
    folder.remove();
  }
}

describe('the summary', () => {
  test('adds up all files, and names what failed', () => {
    const reports = [
      ...report(
        toResult('ports', 41, { holds: 'passed', moves: 'failed', waits: 'skipped' }),
        toResult('away', 78, { ends: 'passed' }),
      ),
      ...report(toResult('rbac', 103, {})),
    ];
    expect(toSummary(reports, 125).split('\n')).toEqual([
      'Seconds by file, which decide the division in test/e2e/support/lanes.ts: rbac 103, away 78, ports 41.',
      'FAILED in ports: moves: Error: expected 1',
      'FAILED in rbac: the file: a hook ended badly',
      'End to end: 2 passed, 2 failed, 1 skipped in 125 s.',
    ]);
  });

  test('has nothing of a lane that wrote nothing', () => {
    expect(readLaneReport('/nowhere/lane.json')).toBeUndefined();
  });
});

const never = (): Promise<LaneResult> => Promise.reject(new Error('nothing to run again'));

describe('files that fail', () => {
  const good = report(toResult('away', 1, { ends: 'passed' }));
  const bad = report(toResult('ports', 1, { holds: 'failed' }));
  const mended = report(toResult('ports', 1, { holds: 'passed' }));

  test('are run once more, and pass when they pass then', async () => {
    const again: string[] = [];
    const settled = await settle(
      [
        { status: 0, files: good },
        { status: 1, files: bad },
      ],
      async (paths) => {
        again.push(...paths);
        return { status: 0, files: mended };
      },
    );
    expect(again).toEqual(['/project/test/e2e/ports.e2e.ts']);
    expect(settled).toEqual({ status: 0, files: [...good, ...mended] });
  });

  test('fail when they fail again, or end without a report', async () => {
    const lanes = [{ status: 1, files: bad }];
    expect(await settle(lanes, async () => ({ status: 1, files: bad }))).toEqual({ status: 1, files: bad });
    expect(await settle(lanes, async () => ({ status: 1, files: undefined }))).toEqual({
      status: 1,
      files: bad,
    });
  });

  test.each<[string, LaneResult]>([
    ['many files fail', { status: 1, files: Array.from({ length: 7 }, () => bad).flat() }],
    ['a lane ends without a report', { status: 1, files: undefined }],
    ['an error stands outside of all tests', { status: 1, files: good }],
  ])('are not run again when %s', async (_, lane) => {
    expect((await settle([lane, { status: 0, files: good }], never)).status).toBe(1);
  });

  test('are none when all pass', async () => {
    expect(await settle([{ status: 0, files: good }], never)).toEqual({ status: 0, files: good });
  });
});
