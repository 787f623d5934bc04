import type { Registry } from 'prom-client';
import type { Inspection, TraefikRow } from '../../model/published.ts';
import { addGauge, type Sample } from './metric-parts.ts';

const states: readonly TraefikRow['state'][] = ['behind', 'current', 'empty', 'unknown', 'unreachable'];

/** Of the Traefiks whose APIs are known. */
export function addTraefikGauges(registry: Registry, inspection: Inspection): void {
  const help =
    'Traefiks known from fleets[].api or fairlead edge, by state: current, behind (an older configuration), empty (none), unknown or unreachable.';
  addGauge(registry, 'fairlead_traefiks', help, ['fleet', 'state'], () => {
    const rows = inspection.traefiks();
    return [...new Set(rows.map(({ fleet }) => fleet))].flatMap((fleet) =>
      states.map((state): Sample => [
        { fleet, state },
        rows.filter((row) => row.fleet === fleet && row.state === state).length,
      ]),
    );
  });
  const faults =
    'Faults of the Traefiks in fairlead_traefiks. Kind entry-point: entryPoints of the fleet that they lack; router: routers with an error.';
  addGauge(registry, 'fairlead_traefik_faults', faults, ['fleet', 'kind'], () => {
    const rows = inspection.traefiks();
    return [...new Set(rows.map(({ fleet }) => fleet))].flatMap((fleet): Sample[] => {
      const own = rows.filter((row) => row.fleet === fleet);
      const sum = (count: (row: TraefikRow) => number): number =>
        own.reduce((all, row) => all + count(row), 0);
      return [
        [{ fleet, kind: 'entry-point' }, sum((row) => row.entryPointsMissingCount)],
        [{ fleet, kind: 'router' }, sum((row) => row.routerFaultsCount)],
      ];
    });
  });
}
