import { compareText } from '../model/object-ref.ts';
import type { LedgerState } from '../model/ports.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * The sources that the settings neither have nor call retired. What the ledger holds for them stays held, as do the ports of pools
 * that are not configured: a mistyped name is mended sooner or later, and by then its ports must not be with others.
 */
export interface AbsentSources {
  /** Whether this is one of them. */
  includes(source: string): boolean;
  /** One problem for each that holds ports; the very list of the last call while the ledger is the same. */
  problems(ledger: LedgerState): readonly Problem[];
}

export function createAbsentSources({
  sources,
  ledger: { retiredSources },
}: Pick<Settings, 'ledger' | 'sources'>): AbsentSources {
  const known = new Set([...sources.map(({ name }) => name), ...retiredSources]);
  const includes = (source: string): boolean => !known.has(source);
  let seen: LedgerState | undefined;
  let problems: readonly Problem[] = [];
  return {
    includes,
    problems(ledger) {
      if (ledger !== seen) problems = listProblems(ledger, includes);
      seen = ledger;
      return problems;
    },
  };
}

function listProblems({ entries }: LedgerState, isAbsent: (source: string) => boolean): readonly Problem[] {
  const counts = new Map<string, number>();
  for (const { state, holder } of entries) {
    if (state === 'held' && isAbsent(holder.source))
      counts.set(holder.source, (counts.get(holder.source) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => compareText(a, b)).map(([source, count]) => toAbsent(source, count));
}

function toAbsent(source: string, count: number): Problem {
  const ports = count === 1 ? '1 pool port' : `${count} pool ports`;
  return toProblem(
    'source-absent',
    { source, kind: 'Source', namespace: '', name: source },
    {
      message: `The ledger holds ${ports} for the source ${source}, and no source of that name is configured. They are kept for its Services, not routed, and given to nobody else.`,
      hint: `When the source has got another name, give it the name ${source} again. When it is gone for good, or that name was a mistake, add ${source} to ledger.retiredSources: its ports then cool down and go to others.`,
    },
  );
}
