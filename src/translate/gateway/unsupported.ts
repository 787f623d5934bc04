import { toMessage } from '../../model/message.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { Report } from '../../model/problem.ts';
import type { Refusal } from './resolved.ts';

/** A refusal of something in an object, with the problem that it is. */
export interface FieldRefusal extends Refusal {
  readonly code: ProblemCode;
  readonly field: string;
}

/** What Traefik cannot be made to do. */
export function unsupported(field: string, message: string, hint: string): FieldRefusal {
  return { code: 'gateway-value-unsupported', reason: 'UnsupportedValue', field, message, hint };
}

/** What would need the plugin of Fairlead, on a fleet that does not have it. */
export function needsPlugin(field: string, what: string, fleet: string): FieldRefusal {
  return unsupported(
    field,
    `${what} needs the plugin of Fairlead, which fleet ${fleet} does not have`,
    'Ask the operators of the edge to set fleets[].plugins to [gateway], or do without it.',
  );
}

export function reportRefusal({ code, field, message, hint }: FieldRefusal, report: Report): void {
  report(code, { field, message, hint });
}

/**
 * Why rules of a route are left out: of all of them it is a route that cannot be accepted, of some of them one that is invalid in part, whose
 * message begins as the specification has it.
 */
export function toRuleRefusals(
  dropped: readonly (readonly [field: string, refusal: Refusal])[],
  rules: number,
): { readonly accepted?: Refusal; readonly partiallyInvalid?: Refusal } {
  const [first] = dropped;
  if (first === undefined) return {};
  const [field, refusal] = first;
  if (dropped.length >= rules) return { accepted: refusal };
  const message = `Dropped Rule ${field}: ${toMessage(refusal.message)}`;
  return { partiallyInvalid: { ...refusal, reason: 'UnsupportedValue', message } };
}
