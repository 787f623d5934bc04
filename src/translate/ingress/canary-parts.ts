import { canaryKey } from '../../model/canary.ts';
import type { Ingress } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { toPlacePart } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import type { Translation } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import type { Translating } from '../context.ts';
import type { Ownership } from './ingress-class.ts';
import { toPathRules } from './path-style.ts';
import { listRoutedPaths } from './routed-paths.ts';
import { toTarget } from './target.ts';

/**
 * A canary by itself: it routes nothing, which the Ingress does whose part it is. It is told what is wrong with its backends, and asks
 * for a part at each of its places.
 */
export function toCanaryParts(
  context: Translating,
  ingress: Ingress,
  reading: Reading,
  ownership: Ownership,
  report: Report,
): Pick<Translation, 'asked' | 'uses'> {
  const { fleets, ingressClass, dialect } = ownership;
  const known = { ...context, fleets, ingressClass, dialect, backends: new Map() };
  const rules = toPathRules(ownership, reading.directives);
  const parts = listRoutedPaths(ingress, rules, report).map(({ field, place, backend, fallback }) => {
    toTarget(known, ingress, reading, backend, fallback ? field : `${field}.backend`, report);
    return toPlacePart(place ?? 'a default backend');
  });
  return {
    asked: reading.asked.map((each) => (each.key === canaryKey ? { ...each, parts } : each)),
    uses: toUses(ingress.meta.ref, ['fleets']),
  };
}
