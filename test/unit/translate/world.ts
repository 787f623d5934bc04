import type { SourceObject } from '../../../src/model/objects.ts';
import { trackView } from '../../../src/pipeline/tracking-view.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { ObjectStore } from '../../../src/source/object-store.ts';
import { noParents, toTranslateContext, type Translating } from '../../../src/translate/context.ts';

/** What a translator gets when these objects are there and the ledger is empty. */
export function toWorld(settings: Settings, objects: readonly SourceObject[]): Translating {
  const store = new ObjectStore();
  store.apply(objects.map((object) => ({ kind: 'set', object })));
  return {
    ...toTranslateContext(settings),
    view: trackView(store, new Map(), new Set()),
    parent: noParents,
  };
}
