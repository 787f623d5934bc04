import { toBank } from '../model/bank.ts';
import { toDocumentName, type DocumentName } from '../model/document-name.ts';
import type { HeldPort } from '../model/ports.ts';
import { findPool, type FleetPools } from './allocation/pool.ts';

/** The document that has the router of a held port. */
export function toDocumentOf(
  fleets: readonly FleetPools[],
  { fleet, pool, port }: Pick<HeldPort, 'fleet' | 'pool' | 'port'>,
): DocumentName {
  const configured = findPool(
    fleets.find(({ name }) => name === fleet),
    pool,
  );
  return toDocumentName(fleet, configured === undefined ? 0 : toBank(configured, port));
}
