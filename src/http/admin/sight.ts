import type { Sight } from '../../model/listing.ts';
import { hideOthers, seesNamespace, type View } from './view.ts';

/** What a view shows of lists. */
export function toSight(view: View): Sight {
  return {
    key: JSON.stringify(view.namespaces),
    sees: (namespace) => seesNamespace(view, namespace),
    hide: (text) => hideOthers(view, text),
  };
}
