import type { Registry } from 'prom-client';
import type { BankRow, Inspection } from '../../model/published.ts';
import { addGauge, type Sample } from './metric-parts.ts';

const BANK_STATES: readonly BankRow['state'][] = ['open', 'wanted', 'closing', 'closed'];

/** How many banks there are in which state, and what is free in the open ones. */
export function addBankGauges(registry: Registry, inspection: Inspection): void {
  const banks = 'Banks by state: open, wanted, closing or closed. Only of fleets with several banks.';
  addGauge(registry, 'fairlead_banks', banks, ['fleet', 'state'], () => {
    const rows = inspection.ports().banks;
    return [...new Set(rows.map(({ fleet }) => fleet))].flatMap((fleet) =>
      BANK_STATES.map((state): Sample => [
        { fleet, state },
        rows.filter((row) => row.fleet === fleet && row.state === state).length,
      ]),
    );
  });
  const ports =
    'Pool ports of an open bank by state: held, cooling or free. Only of fleets with several banks.';
  addGauge(registry, 'fairlead_bank_ports', ports, ['fleet', 'bank', 'state'], () =>
    inspection
      .ports()
      .banks.flatMap(({ fleet, bank, state: bankState, held, cooling, free }): Sample[] =>
        bankState === 'open'
          ? Object.entries({ held, cooling, free }).map(([state, count]) => [
              { fleet, bank: String(bank), state },
              count,
            ])
          : [],
      ),
  );
}
