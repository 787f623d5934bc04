import type { Figures } from '../model/published.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';

/** How many routers and objects there are. Costs one look at each object. */
export function toFigures(pipeline: Pipeline): Figures {
  const counts = new Map<string, Figures['objects'][number]>();
  for (const { meta } of pipeline.store.values()) {
    const { source, kind } = meta.ref;
    const key = `${source} ${kind}`;
    counts.set(key, { source, kind, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return { objects: [...counts.values()], routers: pipeline.documents.countRouters() };
}
