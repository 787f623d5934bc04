import { isCanary } from '../../model/canary.ts';
import type { Ingress } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import type { CanaryDirective, Directives } from '../../annotations/directives.ts';
import { mergeDirectives } from '../../annotations/directives.ts';
import { toFamily } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import type { Translating } from '../context.ts';
import { limitIngress } from '../limits.ts';
import { findOwnership } from './ingress-class.ts';
import { toPathRules } from './path-style.ts';
import { readIngressAnnotations } from './read.ts';
import { listRoutedPaths, type RoutedPath } from './routed-paths.ts';

/** A path of a canary that another Ingress has as well. */
export interface Canary {
  readonly ingress: Ingress;
  readonly reading: Reading;
  readonly asks: CanaryDirective;
  readonly path: RoutedPath;
}

const silent: Report = () => undefined;

/** So many canaries of a host, the eldest, are looked at, and so many of their paths. */
const most = { canaries: 50, paths: 5_000 };

/** The canaries of the namespace of an Ingress, by the place (`RoutedPath`) of each of their paths; the eldest first. */
export function findCanaries(
  context: Translating,
  { meta: { ref }, rules }: Ingress,
): ReadonlyMap<string, readonly Canary[]> {
  const found = new Map<string, Canary[]>();
  const seen = new Set<Ingress>();
  let paths = 0;
  for (const host of new Set(rules.map((rule) => rule.host ?? ''))) {
    for (const ingress of context.view.canariesAt(ref.source, ref.namespace, host).slice(0, most.canaries)) {
      if (seen.has(ingress) || paths > most.paths) continue;
      seen.add(ingress);
      for (const canary of listPaths(context, ingress)) {
        paths += 1;
        const place = canary.path.place ?? '';
        found.set(place, [...(found.get(place) ?? []), canary]);
      }
    }
  }
  return found;
}

function listPaths(context: Translating, whole: Ingress): readonly Canary[] {
  const ownership = findOwnership(context, whole);
  if (ownership === undefined || !isCanary(whole)) return [];
  const reading = readIngressAnnotations(context, whole, ownership);
  const { canary: asks } = reading.directives;
  if (asks === undefined) return [];
  const ingress = limitIngress(whole, context.settings.limits.object, silent);
  return listRoutedPaths(ingress, toPathRules(ownership, reading.directives), silent).flatMap((path) =>
    path.place === undefined || path.isBroken === true ? [] : { ingress, reading, asks, path },
  );
}

/**
 * What counts of the annotations of a canary and of the Ingress that it belongs to: all of the latter, but for sessions and balancing
 * where the canary has its own word on them.
 */
export function inherit(main: Reading, own: Reading): Reading {
  const { loadBalancer } = own.directives;
  const over: Directives = loadBalancer === undefined ? {} : { loadBalancer };
  return {
    ...own,
    directives: mergeDirectives(main.directives, over),
    parts: new Set([...own.parts].filter((part) => toFamily(part) === 'loadBalancer')),
  };
}
