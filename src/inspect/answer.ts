import { listBanks } from '../model/bank.ts';
import type { Answer, ElementRow } from '../model/answer.ts';
import { toObjectKey, toObjectPath, type ObjectRef } from '../model/object-ref.ts';
import { hashBody } from '../lib/hash-body.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { toElement } from '../render/fragment.ts';
import { redact } from '../traefik/redact.ts';

/** The documents of a pipeline, taken apart. Costs as much as they are long. */
export function toAnswer(pipeline: Pipeline): Answer {
  const places = pipeline.settings.fleets.flatMap((fleet) =>
    listBanks(fleet).map((bank) => ({ fleet: fleet.name, bank })),
  );
  const objects = [...pipeline.store.values()].map(({ meta }) => meta.ref);
  const refs = new Map<string, ObjectRef>(objects.map((ref) => [toObjectKey(ref), ref]));
  return {
    documents: places.map((place) => ({
      ...place,
      revision: hashBody(pipeline.toPieces(place.fleet, place.bank)),
    })),
    elements: places.flatMap((place) => toRows(pipeline, refs, place)),
  };
}

function toRows(
  pipeline: Pipeline,
  refs: ReadonlyMap<string, ObjectRef>,
  place: Pick<ElementRow, 'bank' | 'fleet'>,
): readonly ElementRow[] {
  return [...pipeline.documents.contributedTo(place.fleet, place.bank)].map(({ owner, fragment }) => {
    const { section, key, value } = toElement(fragment);
    const ref = refs.get(owner);
    const origin =
      ref === undefined ? { object: '', source: '' } : { object: toObjectPath(ref), source: ref.source };
    return { ...place, section, key, value: redact(value), ...origin };
  });
}
