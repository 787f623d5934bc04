import type { Improvement } from '../../model/migration.ts';
import { toObjectKey, toObjectPath, type ObjectRef } from '../../model/object-ref.ts';
import { cut } from '../../model/problem.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { aspects, readRouters, type Aspect, type Routers } from './routers.ts';

/** What can be otherwise, and what that means to who reads it. */
const meanings: Readonly<Record<Aspect | 'count' | 'http' | 'https', string>> = {
  rule: 'would match other requests: prefixes by their elements, so that /foo is not /foobar, and hosts as the specification of Ingress says',
  priority:
    'would be tried in the order of the specification: exact before prefix, the longer path first, the exact host before a wildcard',
  entryPoints: 'would be at the entryPoints that the fleet has for HTTP and HTTPS',
  middlewares:
    'would do nothing without being asked: no further tries, and no redirect to HTTPS but by annotation',
  servers:
    'would reach servers as their Services say: over HTTPS or h2c by appProtocol or port, at the port of the Service, with the time-outs of Traefik',
  http: 'would be served on plain HTTP as well, or no more',
  https: 'would be served over HTTPS where spec.tls or an annotation asks for it, and nowhere else',
  count: 'would have other routers: what leads nowhere answers 503, and falls through to no other rule',
};

type Difference = readonly [aspect: keyof typeof meanings, now: string, otherwise: string];

/**
 * What the class `fairlead` would do otherwise than the dialect that the objects are adopted with: seen by having both pipelines make
 * their routers, and comparing these.
 */
export function listImprovements(
  refs: readonly ObjectRef[],
  adopted: Pipeline,
  own: Pipeline,
): readonly Improvement[] {
  const found = new Map<Difference[0], { objects: number; readonly example: Improvement['example'] }>();
  for (const ref of refs) {
    const key = toObjectKey(ref);
    for (const [aspect, now, later] of compare(readRouters(adopted, key), readRouters(own, key))) {
      const known = found.get(aspect);
      const example = { object: toObjectPath(ref), now: cut(now, 200), otherwise: cut(later, 200) };
      if (known === undefined) found.set(aspect, { objects: 1, example });
      else known.objects += 1;
    }
  }
  return [...found].map(([aspect, { objects, example }]) => ({ says: meanings[aspect], objects, example }));
}

function compare(now: Routers, then: Routers): readonly Difference[] {
  return [
    ...compareKind('http', now.plain, then.plain),
    ...compareKind('https', now.secured, then.secured),
  ].filter(([aspect], index, all) => all.findIndex(([other]) => other === aspect) === index);
}

/** The first router that differs in each aspect. */
function compareKind(
  kind: 'http' | 'https',
  now: Routers['plain'],
  then: Routers['plain'],
): readonly Difference[] {
  if (now.length !== then.length)
    return [[now.length === 0 || then.length === 0 ? kind : 'count', count(now), count(then)]];
  return aspects.flatMap((aspect): Difference[] => {
    const index = now.findIndex((router, place) => router[aspect] !== then[place]?.[aspect]);
    const [before, after] = [now[index], then[index]];
    if (before === undefined || after === undefined) return [];
    const of = aspect === 'rule' ? '' : ` of ${before.rule}`;
    return [[aspect, `${before[aspect]}${of}`, after[aspect]]];
  });
}

function count({ length }: Routers['plain']): string {
  return length === 0 ? 'not at all' : length === 1 ? '1 router' : `${length} routers`;
}
