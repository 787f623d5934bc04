import type { Improvement } from '../../model/migration.ts';
import { toObjectKey, toObjectPath, type ObjectRef } from '../../model/object-ref.ts';
import { cut } from '../../model/problem.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { toElement } from '../../render/fragment.ts';

/** What can be otherwise in routers, and what that means to who reads it. */
const meanings = {
  rule: 'would match other requests: prefixes by their elements, so that /foo is not /foobar, and hosts as the specification of Ingress says',
  priority:
    'would be tried in the order of the specification: exact before prefix, the longer path first, the exact host before a wildcard',
  entryPoints: 'would be at the entryPoints that the fleet has for HTTP and HTTPS',
  tls: 'would have TLS where spec.tls asks for it, and else not',
  count: 'would have other routers: what leads nowhere answers 503, and falls through to no other rule',
} as const;

type Aspect = keyof typeof meanings;

interface Router {
  readonly rule: string;
  readonly priority: string;
  readonly entryPoints: string;
  readonly tls: string;
}

/**
 * What the class `fairlead` would do otherwise than the dialect that the objects are adopted with: seen by having both pipelines make
 * their routers, and comparing these.
 */
export function listImprovements(
  refs: readonly ObjectRef[],
  adopted: Pipeline,
  own: Pipeline,
): readonly Improvement[] {
  const found = new Map<Aspect, { objects: number; readonly example: Improvement['example'] }>();
  for (const ref of refs) {
    for (const [aspect, now, later] of compare(listRouters(adopted, ref), listRouters(own, ref))) {
      const known = found.get(aspect);
      const example = { object: toObjectPath(ref), now: cut(now, 200), otherwise: cut(later, 200) };
      if (known === undefined) found.set(aspect, { objects: 1, example });
      else known.objects += 1;
    }
  }
  return [...found].map(([aspect, { objects, example }]) => ({ says: meanings[aspect], objects, example }));
}

/** The first router that differs in each aspect. */
function compare(
  now: readonly Router[],
  then: readonly Router[],
): readonly (readonly [Aspect, string, string])[] {
  if (now.length !== then.length) return [['count', `${now.length} routers`, `${then.length} routers`]];
  return (['rule', 'priority', 'entryPoints', 'tls'] as const).flatMap((aspect) => {
    const index = now.findIndex((router, place) => router[aspect] !== then[place]?.[aspect]);
    if (index < 0) return [];
    const [before, after] = [now[index], then[index]];
    const of = aspect === 'rule' ? '' : ` of ${before?.rule}`;
    return [[aspect, `${before?.[aspect]}${of}`, `${after?.[aspect]}`] as const];
  });
}

/** In the order in which the translator made them, which is that of the object. */
function listRouters(pipeline: Pipeline, ref: ObjectRef): readonly Router[] {
  return [...pipeline.documents.of(toObjectKey(ref)).values()].flat().flatMap((fragment): Router[] => {
    const element = toElement(fragment);
    if (element.section !== 'http.routers') return [];
    const { rule, priority, entryPoints, tls } = element.value;
    return [
      {
        rule,
        priority: priority === undefined ? 'by the length of the rule' : String(priority),
        entryPoints: entryPoints.join(', '),
        tls: tls === undefined ? 'no TLS' : 'TLS',
      },
    ];
  });
}
