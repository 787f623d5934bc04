import type { MigrateDirective } from '../../annotations/directives.ts';
import { toTargetText } from '../../annotations/service-target.ts';
import type { Service } from '../../model/objects.ts';
import type { TranslateContext } from '../context.ts';

/**
 * How much of the traffic goes to the other Service, in percent: what was set by hand, else where the plan stands towards that very
 * Service. In a folder nobody can write that down, so a plan stands at 0.
 */
export function toMigrateWeight(
  { folders }: Pick<TranslateContext, 'folders'>,
  { meta: { ref } }: Service,
  { to, weight, state }: MigrateDirective,
): number {
  if (weight !== undefined) return weight;
  return state?.to === toTargetText(to) && !folders.has(ref.source) ? state.weight : 0;
}
