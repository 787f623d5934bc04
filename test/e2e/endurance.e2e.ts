import { describe, expect, it } from 'vitest';
import { findApiServer } from './support/apiserver.ts';
import { toEnduranceReport } from './support/endurance/report.ts';
import { runEndurance } from './support/endurance/run-endurance.ts';

/* A few of each kind of event. For a year of them: npm run endurance. */
const seed = Number(process.env['FAIRLEAD_ENDURANCE_SEED'] ?? '1');
const program = findApiServer('endurance');

describe.skipIf(program === undefined)('a short year', () => {
  it('leaves documents, ports and handles as a fresh start has them', { timeout: 900_000 }, async () => {
    const result = await runEndurance({
      program: program ?? '',
      seed,
      seconds: 20,
      bulkChanges: 20_000,
      bulkChecks: 6,
      changesOfRound: 30,
      eventsOfRound: 8,
      restarts: 8,
    });
    console.log(toEnduranceReport(result, seed));
    expect(result.verdicts.filter(({ isGood }) => !isGood)).toEqual([]);
  });
});
