import type { AppliedRow, RouteRow } from '../model/published.ts';
import { cut } from '../model/problem.ts';
import { toFaultKey, type TraefikView } from './traefik-views.ts';

/** So many Traefiks that do not serve a router are named. */
const mostNamed = 20;

/**
 * On how many of the Traefiks that should have it each router is applied as it was asked for. None of a fleet whose Traefiks nobody can ask.
 * @param bankOf The bank whose Traefiks serve an entryPoint of a fleet.
 */
export function toAppliedRows(
  routes: readonly RouteRow[],
  views: readonly TraefikView[],
  bankOf: (fleet: string, entryPoint: string) => number,
): readonly AppliedRow[] {
  return routes.flatMap((route) => {
    const { fleet, protocol, router, entryPoints } = route;
    const banks = new Set(entryPoints.map((name) => bankOf(fleet, name)));
    const asked = views.filter(
      (view) => view.fleet === fleet && (banks.has(view.bank) || view.seen === null),
    );
    if (asked.length === 0) return [];
    const not = asked.flatMap((view) => {
      const why = explainAbsence(route, view);
      return why === undefined ? [] : [{ traefik: view.name, why }];
    });
    const counts = { traefiks: asked.length, applied: asked.length - not.length };
    return [{ fleet, protocol, router, ...counts, not: not.slice(0, mostNamed) }];
  });
}

/** Why a Traefik does not serve a router as it was asked for; undefined: it does. */
export function explainAbsence(
  route: Pick<RouteRow, 'entryPoints' | 'protocol' | 'router'>,
  { standing, error, seen, missing, faults, since }: TraefikView,
): string | undefined {
  switch (standing) {
    case 'unknown':
      return 'not asked yet';
    case 'unreachable':
      return `not known: ${error}`;
    case 'empty':
      return 'it has applied no configuration of Fairlead';
    case 'behind':
      return `it has not applied the current configuration: it has ${seen?.revision?.slice(0, 8)}, which is old since ${new Date(since.wall).toISOString()}`;
    case 'current': {
      const lacking = route.entryPoints.filter((name) => missing.has(name));
      if (lacking.length > 0) return `it has no entryPoint ${cut(lacking.join(', '), 200)}`;
      const fault = faults.get(toFaultKey(route));
      if (fault === undefined) return undefined;
      return `${fault.status === 'disabled' ? 'disabled' : 'only in part'}: ${toReason(fault.errors)}`;
    }
  }
}

function toReason(errors: readonly string[]): string {
  return errors.join('; ') || 'it does not say why';
}
