import { countBanks } from '../../../src/model/bank.ts';
import { listDocuments, parseDocumentName } from '../../../src/model/document-name.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { emptyLedger, type LedgerState } from '../../../src/model/ports.ts';
import type { Problem } from '../../../src/model/problem.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { allocatePorts } from '../../../src/ports/allocation/allocate.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { now } from './golden-case.ts';

/** A pipeline whose ports are allocated, as in the running program. */
export interface Replay {
  readonly pipeline: Pipeline;
  /** Claims that could not be met. */
  readonly refused: readonly Problem[];
}

/** Feeds the batches one after the other, then allocates the ports. */
export function replay(
  settings: Settings,
  batches: readonly (readonly Change[])[],
  ledger: LedgerState = emptyLedger,
): Replay {
  const pipeline = new Pipeline(settings);
  pipeline.update([], ledger);
  for (const batch of batches) pipeline.update(batch);
  return { pipeline, refused: settlePorts(pipeline) };
}

/** Allocates for the claims of now, and renders with the ledger that comes of it. Returns the refusals. */
export function settlePorts(pipeline: Pipeline): readonly Problem[] {
  const { ledger, refused } = allocatePorts({
    claims: pipeline.portClaims(),
    ledger: pipeline.ledger,
    fleets: pipeline.settings.fleets,
    now,
    keep: () => false,
  });
  pipeline.update([], ledger);
  return refused;
}

export function toSets(objects: readonly SourceObject[]): readonly Change[] {
  return objects.map((object) => ({ kind: 'set', object }));
}

/** All documents of all fleets, as text. */
export function toBodies({ pipeline }: Pick<Replay, 'pipeline'>): Readonly<Record<string, string>> {
  const names = pipeline.settings.fleets.flatMap((fleet) => listDocuments(fleet.name, countBanks(fleet)));
  return Object.fromEntries(
    names.map((name) => {
      const { fleet, bank } = parseDocumentName(name);
      return [name, pipeline.toBody(fleet, bank).toString()];
    }),
  );
}
