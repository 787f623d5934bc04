import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { toProblemJson, type ProblemJson } from '../http/problem-json.ts';
import type { Side } from '../inspect/answer-difference.ts';
import { toLedgerOfRows } from '../ports/ledger/from-rows.ts';
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';
import { openReplay, type ReplayRequest } from './open-replay.ts';
import { UsageError } from './usage-error.ts';

/** A side with the problems that its objects have. */
export interface JudgedSide extends Side {
  readonly problems: readonly ProblemJson[];
}

/**
 * Which folder or configuration a command line names as the state before: a folder is one of manifests. What else it says is of both.
 * @throws UsageError
 */
export function toRequest(path: string, { config, cluster }: ReplayRequest, { cwd }: Io): ReplayRequest {
  const found = statSync(resolve(cwd, path), { throwIfNoEntry: false });
  if (found === undefined)
    throw new UsageError(`there is no ${path}; name a folder of manifests or a configuration file`);
  return found.isDirectory() ? { config, directories: [path] } : { config: path, cluster, directories: [] };
}

/**
 * What Fairlead would serve. Where no ledger says who holds which port, those of the other side keep theirs.
 * @throws UsageError when a source cannot be read: what it has would look as if it were gone.
 */
export async function openSide(request: ReplayRequest, io: Io, other?: Side): Promise<JudgedSide> {
  const held = ({ sources }: Settings): ReturnType<typeof toLedgerOfRows> =>
    toLedgerOfRows(other?.ports ?? [], sources.length === 1 ? sources[0]?.name : undefined);
  const { replay } = await openReplay({ ...request, held }, io);
  const { inspection } = replay;
  const unread = inspection.sources().find(({ state }) => state !== 'synced');
  if (unread !== undefined) throw new UsageError(`source ${unread.name} could not be read: ${unread.detail}`);
  return {
    answer: inspection.answer(),
    ports: inspection.ports().ports,
    problems: inspection.problems().map((problem) => toProblemJson(problem)),
  };
}
