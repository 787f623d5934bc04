import type { Migration, Origin } from '../model/migration.ts';
import { findImports } from '../inspect/migration/find-imports.ts';
import { imagineEndpoints } from '../inspect/migration/imagine-endpoints.ts';
import { toMigration } from '../inspect/migration/migration.ts';
import { withAdopted } from '../inspect/migration/origins.ts';
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';
import { openReplay, type ReplayRequest } from './open-replay.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads the sources once, and works out what would become of them if the class of the controller were adopted. Nothing is written.
 * @throws UsageError when a source cannot be read: what it has would look as if it were not there.
 */
export async function openMigration(request: ReplayRequest, from: Origin, io: Io): Promise<Migration> {
  const { settings, replay } = await openReplay(request, io);
  const unread = replay.inspection.sources().find(({ state }) => state !== 'synced');
  if (unread !== undefined) throw new UsageError(`source ${unread.name} could not be read: ${unread.detail}`);
  const fleet = settings.fleets[0]?.name ?? '';
  const imports =
    settings.imports.length > 0 || from !== 'ingress-nginx'
      ? settings.imports
      : findImports(replay.pipeline.store.values(), fleet);
  const next: Settings = { ...withAdopted(settings, from), imports };
  const more = imagineEndpoints(replay.pipeline.store);
  const adopted = replay.under(next, more);
  const own = replay.under(withAdopted(next, from, 'fairlead'), more);
  return toMigration({ from, adopted, own });
}
