import { isNearLimit } from '../../model/near-limit.ts';
import { countText, type Report } from '../../model/problem.ts';
import type { RequestRule } from './rules.ts';

const hint = 'Divide the object, or ask the operators of the edge to raise the limit.';

/**
 * The rules of a route, of which those are refused with whose filters there are more than an object may have middlewares: one that is left
 * out may be the one that keeps others out. Mirrors are none.
 */
export function limitFilters(
  rules: readonly RequestRule[],
  most: number,
  report: Report,
): readonly RequestRule[] {
  const count = rules.reduce((sum, rule) => sum + countFilters(rule), 0);
  if (count <= most && !isNearLimit(count, most)) return rules;
  const message = `the object asks for ${countText(count)} middlewares of at most ${countText(most)} (limits.object.middlewares)`;
  if (count <= most) {
    report('limit-near', { field: 'spec.rules', message, hint });
    return rules;
  }
  let left = most;
  return rules.map((rule) => {
    const own = countFilters(rule);
    if (own <= left) {
      left -= own;
      return rule;
    }
    const what = `${message}, and there is no room for the ${countText(own)} of this rule; its requests get 500`;
    const code = 'too-many-middlewares';
    return { ...rule, refusal: { code, reason: 'UnsupportedValue', field: rule.field, message: what, hint } };
  });
}

function countFilters({ filters, backendRefs, retry }: RequestRule): number {
  const all = [...filters, ...backendRefs.flatMap((ref) => ref.filters)];
  return all.filter(({ type }) => type !== 'RequestMirror').length + (retry === undefined ? 0 : 1);
}
