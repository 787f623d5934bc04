import { z } from 'zod';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../child.ts';
import { projectRoot } from '../../fairlead.ts';
import { eventually } from '../../eventually.ts';
import type { BulkOptions, BulkResult } from './run-bulk.ts';

const resultSchema = z.object({
  counts: z.record(z.string(), z.number()),
  verdicts: z.array(z.object({ what: z.string(), isGood: z.boolean(), detail: z.string() })),
});

/** Much longer than it is asked to take: a comparison may begin at the very end. */
const patience = 3;
const extraMs = 120_000;

/** Runs it in a process of its own, whose memory and handles are its own. Rejects when that does not end well. */
export async function startBulk({ seed, changes, seconds, checks }: BulkOptions): Promise<BulkResult> {
  const script = fileURLToPath(new URL('main.ts', import.meta.url));
  const args = ['--expose-gc', '--import', 'tsx', script, seed, changes, seconds, checks].map(String);
  const child = await startChild(process.execPath, args, { cwd: projectRoot });
  try {
    const ms = seconds * 1_000 * patience + extraMs;
    await eventually('the run in process has not ended', ms, () => child.ended() !== undefined);
    const line = child.logs().trimEnd().split('\n').at(-1) ?? '';
    if (!line.startsWith('{')) throw new Error(`the run in process failed:\n${child.logs().slice(-4_000)}`);
    return resultSchema.parse(JSON.parse(line));
  } finally {
    await child.crash();
  }
}
