import { toObjectPath, type ObjectRef } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Problem } from '../model/problem.ts';
import type { Explanation, PortReport } from '../model/published.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { toNamespaceRights } from './namespace-rights.ts';

/** What a namespace may do. Of a source that has neither the namespace nor an object in it there is nothing to say. */
export function explainNamespace(
  pipeline: Pipeline,
  namespace: SourceObject | undefined,
  {
    ref,
    report,
    about,
  }: { readonly ref: ObjectRef; readonly report: PortReport; readonly about: readonly Problem[] },
): readonly Explanation[] {
  const { source, name } = ref;
  const count = countObjects(pipeline, source, name);
  if (namespace === undefined && count === 0) return [];
  return [
    {
      object: toObjectPath(ref),
      source,
      verdict: `Has ${count} ${count === 1 ? 'object' : 'objects'} that Fairlead reads. What follows is what it may do.`,
      annotations: [],
      routes: [],
      ports: report.ports.filter((row) => row.source === source && row.holder.split('/')[1] === name),
      problems: about,
      rights: toNamespaceRights(pipeline, report, source, name),
    },
  ];
}

function countObjects({ store }: Pipeline, source: string, namespace: string): number {
  let count = 0;
  for (const { meta } of store.values())
    if (meta.ref.source === source && meta.ref.namespace === namespace) count += 1;
  return count;
}
