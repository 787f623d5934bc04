import { join } from 'node:path';
import { makeTempFolder } from './cleanup.ts';
import { readLaneReport, toSummary } from './lane-report.ts';
import { runInPrivateNetwork } from './private-network.ts';

/**
 * Runs lanes of test files side by side, each in a private network of its own, since tests share the addresses of one.
 * The first lane writes to this terminal as it goes; the output of each other one follows in one piece.
 * Resolves with 0 when all lanes passed.
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
  const toPath = (lane: number): string => join(folder.path, `lane-${lane}.json`);
  const logs = lanes.map((): string[] => []);
  const run = (files: readonly string[], lane: number): Promise<number> => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${toPath(lane)}`];
    const write = (text: string): void => void logs[lane]?.push(text);
    const command = [...toCommand(files), ...reporters];
    return runInPrivateNetwork(flags, command, env, lane === 0 ? undefined : write);
  };
  try {
    console.log(`${lanes.length} lanes side by side; the output of the first one comes first.`);
    const statuses = await Promise.all(lanes.map(run));
    for (const [lane, log] of logs.entries()) {
      if (lane > 0) console.log(`\nLane ${lane + 1} of ${lanes.length}:\n${log.join('')}`);
    }
    const reports = lanes.map((_, lane) => readLaneReport(toPath(lane)));
    console.log(toSummary(reports, Math.round((performance.now() - began) / 1000)));
    return statuses.find((status) => status !== 0) ?? 0;
  } finally {
    folder.remove();
  }
}
