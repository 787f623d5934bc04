import { findBank } from '../model/bank.ts';
import { toDocumentName, type DocumentName } from '../model/document-name.ts';
import type { HeldPort } from '../model/ports.ts';
import type { FleetPools } from './allocation/pool.ts';

/** The document that has the router of a held port. What imports gave out may lie in any pool, or in none. */
export function toDocumentOf(
  fleets: readonly FleetPools[],
  { fleet, port, protocols: [protocol = 'tcp'] }: Pick<HeldPort, 'fleet' | 'port' | 'protocols'>,
): DocumentName {
  const configured = fleets.find(({ name }) => name === fleet);
  return toDocumentName(fleet, configured === undefined ? 0 : findBank(configured, protocol, port));
}
