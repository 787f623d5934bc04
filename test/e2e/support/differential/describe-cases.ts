import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApiServer } from '../apiserver.ts';
import type { ArmOptions, Dialect } from './arms.ts';
import { CaseRun } from './case-run.ts';
import { readCases, type Case } from './cases.ts';
import { toAspects } from './compare.ts';
import { readDeclared } from './declared.ts';

/** The tests of all cases of a dialect: what they show is the same through both, or declared; and what is declared is there. */
export function describeCases(dialect: Dialect, options: ArmOptions): void {
  const program = findApiServer(`Ingresses through Traefik's own provider and Fairlead (${dialect})`);
  const cases = readCases(dialect);
  const run = new CaseRun(dialect, options);
  const check = (one: Case): Promise<void> => checkCase(run, one);
  const shown = readDeclared()
    .filter(({ chance, dialects }) => !chance && dialects.includes(dialect))
    .flatMap(({ id, cases: names }) => names.map((name) => ({ id, name })))
    .filter(({ name }) => cases.some((one) => one.name === name));

  describe.skipIf(program === undefined)(`through ${dialect} and through Fairlead`, () => {
    // On a busy machine all probes take their time.
    beforeAll(() => run.start(program ?? '', cases), 600_000);
    afterAll(() => run.stop());

    it.each(cases.filter(({ pending }) => !pending))('$name: $title', check);
    it.fails.each(cases.filter(({ pending }) => pending))('$name: $title', check);
    it.each(shown)('$id, which is declared, is still there in $name', ({ id, name }) => {
      expect(run.divergencesOf(name).flatMap(({ declared }) => declared)).toContain(id);
    });
  });
}

async function checkCase(run: CaseRun, { name, probes, explain }: Case): Promise<void> {
  const undeclared = run.divergencesOf(name).filter(({ declared }) => declared.length === 0);
  const lines = undeclared.map(
    ({ probe, aspect, reference, fairlead }) => `${probe}: ${aspect}: ${reference} | Fairlead: ${fairlead}`,
  );
  expect(lines).toEqual([]);
  run.outcomesOf(name).forEach(({ fairlead, text }, index) => {
    for (const [aspect, wanted] of Object.entries(probes[index]?.fairlead ?? {}))
      expect(toAspects(fairlead).get(aspect) ?? '', `${text}: ${aspect}`).toMatch(
        new RegExp(`^(?:${wanted})$`, 's'),
      );
  });
  for (const [object, texts] of Object.entries(explain)) {
    const said = await run.explain(object);
    for (const each of texts) expect(said).toContain(each);
  }
}
