import { isGatewayHolder } from '../model/ports.ts';
import { rebuildLedger } from '../ports/ledger/rebuild-ledger.ts';
import type { AddressedFleet } from '../pipeline/addressed-fleet.ts';
import type { TrackedSource } from './source-tracker.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Restored } from './port-keeper.ts';

/**
 * How long a lost ledger is waited for after the start, in milliseconds: for sources that are not required, and for a leader that
 * writes it again. What is away for good must not hold up all the others.
 */
export const restorePatienceMs = 30_000;

/**
 * What a lost ledger held, by the annotations that were written back: for the claims of now, so not whole while sources whose
 * objects could be among the holders are still being read.
 * @param runningMs How long this process has been running.
 */
export function restoreLedger(
  pipeline: Pipeline,
  tracker: readonly TrackedSource[],
  fleets: readonly AddressedFleet[],
  runningMs: number,
): Restored {
  const isWaitedFor = ({ hasSynced, required }: TrackedSource): boolean =>
    !hasSynced && (required || runningMs < restorePatienceMs);
  const ledger = rebuildLedger({
    claims: pipeline.portClaims(),
    objects: [...pipeline.store.values()].filter(
      (object) => object.kind === 'Service' || isGatewayHolder(object),
    ),
    fleets,
    expose: pipeline.settings.services.expose,
    folders: new Set(
      pipeline.settings.sources.flatMap((source) => ('directory' in source ? source.name : [])),
    ),
    since: new Date().toISOString(),
  });
  return { ledger, isWhole: !tracker.some(isWaitedFor) };
}
