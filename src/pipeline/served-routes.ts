import { toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { kinds } from '../kinds/index.ts';
import type { ServedRoutes } from '../source/shrink/source-guard.ts';
import type { Pipeline } from './pipeline.ts';

/** The routers that stand in the documents of a pipeline, by the objects that ask for them. */
export function toServedRoutes(pipeline: Pipeline): ServedRoutes {
  const of = (ref: ObjectRef): ReadonlyMap<string, number> => {
    const counts = [...pipeline.documents.of(toObjectKey(ref))].map(
      ([fleet, fragments]): [string, number] => [
        fleet,
        fragments.filter(({ section }) => section.endsWith('.routers')).length,
      ],
    );
    return new Map(counts.filter(([, count]) => count > 0));
  };
  return {
    of,
    ofSource: (source) => {
      const sums = new Map<string, number>();
      for (const { meta } of pipeline.store.values()) {
        if (meta.ref.source !== source || !kinds[meta.ref.kind].routed) continue;
        for (const [fleet, count] of of(meta.ref)) sums.set(fleet, (sums.get(fleet) ?? 0) + count);
      }
      return sums;
    },
  };
}
