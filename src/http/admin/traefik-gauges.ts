import type { Registry } from 'prom-client';
import type { Inspection, TraefikRow } from '../../model/published.ts';
import { addGauge, type Sample } from './metric-parts.ts';

const states: readonly TraefikRow['state'][] = ['behind', 'current', 'empty', 'unknown', 'unreachable'];

/** Of the Traefiks whose APIs are known. */
export function addTraefikGauges(registry: Registry, inspection: Inspection): void {
  const help =
    'Traefiks whose API is known, by what they have applied: the current answer, an older one or none.';
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
    'What Traefiks lack, added up: entryPoints of the fleet, and routers that they do not serve as asked.';
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
