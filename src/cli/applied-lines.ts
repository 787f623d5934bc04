import type { AppliedRow } from '../model/published.ts';

/** On how many Traefiks each router is applied, and for each other one why not. */
export function toAppliedLines(rows: readonly AppliedRow[]): readonly string[] {
  return rows.flatMap(({ protocol, router, fleet, traefiks, applied, not }) => {
    const rest = traefiks - applied - not.length;
    return [
      `  ${protocol} router ${router} (fleet ${fleet}): applied on ${applied} of ${traefiks}`,
      ...not.map(({ traefik, why }) => `    not on ${traefik}: ${why}`),
      ...(rest > 0 ? [`    and ${rest} more`] : []),
    ];
  });
}
