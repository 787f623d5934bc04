import { listSome, type Report } from '../../model/problem.ts';
import type { Refusal, ResolvedListener, ResolvedParent } from './resolved.ts';

/** Reports what its conditions say that is not as it should be, each once, of a Gateway or ListenerSet and of its listeners. */
export function reportParent(
  { refusal, programmed, resolvedRefs, listeners, fleets }: ResolvedParent,
  report: Report,
): void {
  for (const each of [refusal, programmed])
    if (each !== undefined) report('gateway-not-accepted', toDetails(each, 'spec'));
  if (resolvedRefs !== undefined) report('gateway-refs-unresolved', toDetails(resolvedRefs, 'spec'));
  // Where the whole is not served, more of its parts is more to read and nothing to do.
  if (refusal !== undefined) return;
  for (const listener of listeners) reportListener(listener, fleets, report);
}

function reportListener(
  { listener, refusals: { accepted, conflicted, resolvedRefs }, bindings }: ResolvedListener,
  fleets: readonly string[],
  report: Report,
): void {
  const { field, name, port, tls } = listener;
  const refused = conflicted ?? accepted;
  const named = (each: Refusal): ReturnType<typeof toDetails> => {
    const { message, ...details } = toDetails(each, field);
    return { ...details, message: `listener ${name}: ${message}` };
  };
  if (refused !== undefined) report('gateway-listener-refused', () => named(refused));
  if (resolvedRefs !== undefined) report('gateway-refs-unresolved', () => named(resolvedRefs));
  const lacking = fleets.filter((fleet) => !bindings.some((binding) => binding.fleet === fleet));
  if (bindings.length > 0 && lacking.length > 0)
    report('gateway-listener-refused', {
      field: `${field}.port`,
      message: `listener ${name}: ${listSome(lacking)} cannot serve it on port ${port}, other fleets do`,
      hint: 'Use a port that all fleets of its GatewayClass have.',
    });
  if (tls?.hasOptions === true)
    report('gateway-field-ignored', {
      field: `${field}.tls.options`,
      message: `listener ${name}: tls.options are not supported by Fairlead`,
      hint: 'Remove them.',
    });
}

function toDetails(
  { field, message, hint }: Refusal,
  otherwise: string,
): { readonly field: string; readonly message: string; readonly hint: string } {
  return { field: field ?? otherwise, message, hint };
}
