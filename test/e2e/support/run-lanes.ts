import { join } from 'node:path';
import { makeTempFolder } from './cleanup.ts';
import { describeFailures, readLaneReport, toSummary, type FileReport } from './lane-report.ts';
import { runInPrivateNetwork } from './private-network.ts';

/** When more files fail than this, it is no accident of a busy machine. */
const mostAgain = 6;

/** What a run of some files came to. */
export interface LaneResult {
  readonly status: number;
  /** Undefined when it ended before it wrote its report. */
  readonly files: readonly FileReport[] | undefined;
}

type Run = (files: readonly string[], name: string, write?: (text: string) => void) => Promise<LaneResult>;

/**
 * Runs lanes of test files side by side, each in a private network of its own, since tests share the addresses of one.
 * The first lane writes to this terminal as it goes; the output of each other one follows in one piece. A few files that fail
 * are run once more, with nothing beside them, and that run counts; what failed at first is listed in any case.
 * Resolves with 0 when every file passed in the end.
 * @param toCommand What runs some files; more arguments for vitest follow it.
 */
export async function runLanes(
  lanes: readonly (readonly string[])[],
  toCommand: (files: readonly string[]) => readonly string[],
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const folder = makeTempFolder();
  const began = performance.now();
  const run: Run = async (files, name, write) => {
    const path = join(folder.path, `${name}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
    const status = await runInPrivateNetwork(flags, [...toCommand(files), ...reporters], env, write);
    return { status, files: readLaneReport(path) };
  };
  try {
    const results = await runSideBySide(lanes, run);
    const { status, files } = await settle(results, (failed) => run(failed, 'again'));
    console.log(toSummary(files, Math.round((performance.now() - began) / 1000)));
    return status;
  } finally {
    folder.remove();
  }
}

async function runSideBySide(
  lanes: readonly (readonly string[])[],
  run: Run,
): Promise<readonly LaneResult[]> {
  console.log(`${lanes.length} lanes side by side; the output of the first one comes first.`);
  const logs = lanes.map((): string[] => []);
  const results = await Promise.all(
    lanes.map((files, lane) =>
      run(files, `lane-${lane}`, lane === 0 ? undefined : (text) => void logs[lane]?.push(text)),
    ),
  );
  for (const [lane, log] of logs.entries()) {
    if (lane > 0) console.log(`\nLane ${lane + 1} of ${lanes.length}:\n${log.join('')}`);
  }
  return results;
}

/** What lanes came to, with a few files that failed run `again`. */
export async function settle(
  lanes: readonly LaneResult[],
  again: (paths: readonly string[]) => Promise<LaneResult>,
): Promise<{ readonly status: number; readonly files: readonly FileReport[] }> {
  const files = lanes.flatMap((lane) => lane.files ?? []);
  const failed = files.filter(hasFailed);
  // A lane can also end badly by itself: without a report, or by an error that no test caught. No second run mends that.
  const isBroken = lanes.some((lane) => lane.status !== 0 && lane.files?.some(hasFailed) !== true);
  if (failed.length === 0) return { status: isBroken ? 1 : 0, files };
  if (isBroken || failed.length > mostAgain) return { status: 1, files };
  const bar = '!'.repeat(100);
  console.log([bar, ...describeFailures(failed), 'Once more, with nothing beside them:', bar].join('\n'));
  const second = await again(failed.map(({ path }) => path));
  return {
    status: second.status,
    files: files.map((file) => second.files?.find(({ path }) => path === file.path) ?? file),
  };
}

function hasFailed({ failures }: FileReport): boolean {
  return failures.length > 0;
}
