import { listUses } from '../conflicts/settle-route.ts';
import type { AskedAnnotation } from '../annotations/parts.ts';
import { toObjectPath, type ObjectKey } from '../model/object-ref.ts';
import type { RouteReason } from '../model/published.ts';
import { renderUnit, type RenderContexts } from '../render/render-unit.ts';
import type { Settled } from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';
import type { ObjectStore } from '../source/object-store.ts';

/**
 * Why there is each of the routers that come of these intents. Costs as much as rendering them.
 * @param findAsked What the annotations of an object ask for.
 */
export function toReasons(
  contexts: RenderContexts,
  intents: readonly Settled[],
  store: Pick<ObjectStore, 'get'>,
  findAsked: (object: ObjectKey) => readonly AskedAnnotation[] | undefined,
): readonly RouteReason[] {
  return intents.flatMap((intent) => {
    const annotations = listAnnotations(listUses(intent), store, findAsked);
    const { field } = intent.why;
    return [...renderUnit(contexts, [intent]).fragments].flatMap(([fleet, banks]) =>
      [...banks.values()]
        .flat()
        .flatMap(({ section, key }) =>
          section.endsWith('.routers') ? [{ fleet, router: key, field, annotations }] : [],
        ),
    );
  });
}

/** Those of whose parts one is used. */
function listAnnotations(
  uses: readonly AnnotationUse[],
  store: Pick<ObjectStore, 'get'>,
  findAsked: (object: ObjectKey) => readonly AskedAnnotation[] | undefined,
): RouteReason['annotations'] {
  const parts = new Map<ObjectKey, Set<string>>();
  for (const { object, part } of uses) parts.set(object, (parts.get(object) ?? new Set()).add(part));
  return [...parts].flatMap(([object, used]) => {
    const ref = store.get(object)?.meta.ref;
    const asked = ref === undefined ? [] : (findAsked(object) ?? []);
    return asked
      .filter(({ parts: own }) => own.some((part) => used.has(part)))
      .map(({ key }) => ({ object: ref === undefined ? '' : toObjectPath(ref), key }));
  });
}
