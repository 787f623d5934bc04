import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { eventually } from '../eventually.ts';
import { listFairleads } from '../replicas.ts';
import { judgeSame, type Verdict } from './figures.ts';
import type { EnduranceWorld } from './world.ts';

/** A file is written within so long, and what was killed before is gone by then. */
const writtenMs = 30_000;

/** That nothing of what was killed, or found no room, is left beside the files that are kept. */
export async function judgeLeftOvers({ replicas, witness }: EnduranceWorld): Promise<Verdict> {
  const ofReplicas = listFairleads(replicas).map(({ configArgs }) => dirname(configArgs[1] ?? ''));
  const find = (): readonly string[] =>
    [...ofReplicas, witness.disk.path]
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      .filter((name) => name.endsWith('.tmp'));
  await eventually('nothing is left over', writtenMs, () => find().length === 0).catch(() => undefined);
  return judgeSame('no left-overs of what was killed or found no room', find(), []);
}
