import type { ImportedNumber } from '../model/imported-port.ts';
import type { TrackedSource } from './source-tracker.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { boundProblems } from '../model/problem-list.ts';

/**
 * The numbers of imports that were not there at the start. What a Traefik listens on is settled when it starts, and whether it has been
 * started again since nobody says: so they are reported until Fairlead starts again.
 */
export class NewImports {
  #known: ReadonlySet<string> | undefined;
  #problems: readonly Problem[] = [];

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * Takes over the numbers of now. Returns whether the problems have changed.
   * @param sources Once all have been read, what is added is new. One that is not required may come late.
   */
  update(numbers: readonly ImportedNumber[], sources: readonly Pick<TrackedSource, 'hasSynced'>[]): boolean {
    if (this.#known === undefined && !sources.every(({ hasSynced }) => hasSynced)) return false;
    this.#known ??= new Set(numbers.map(toText));
    const known = this.#known;
    const problems = boundProblems(numbers.filter((each) => !known.has(toText(each))).map(toNewProblem));
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return false;
    this.#problems = problems;
    return true;
  }
}

function toText({ fleet, protocol, port }: ImportedNumber): string {
  return `${port}/${protocol} ${fleet}`;
}

function toNewProblem({ fleet, protocol, port }: ImportedNumber): Problem {
  const subject = { source: '', kind: 'Fleet', namespace: '', name: fleet };
  return toProblem('import-entrypoint-new', subject, {
    field: 'imports',
    message: `Port ${port}/${protocol} has been imported since Fairlead started: a Traefik that was started before has no entryPoint for it.`,
    hint: `Start each Traefik with what fairlead traefik --fleet ${fleet} prints now, and then Fairlead.`,
  });
}
