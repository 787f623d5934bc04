import type { FixtureResult, ReportedDifference } from './run-fixture.ts';

const words = { same: 'same', declared: 'differs as declared', differs: 'differs otherwise' } as const;
const shownAtMost = 12;

/** A fixture with its differences, as text. */
export function toReport({ name, verdict, routers, probes, refused, differences }: FixtureResult): string {
  const ids = new Set(
    differences.flatMap(({ divergences }) => divergences.flatMap(({ declared }) => declared)),
  );
  const why = ids.size === 0 ? '' : ` (${[...ids].join(', ')})`;
  const undeclared = differences.filter(({ divergences }) =>
    divergences.some(({ declared }) => declared.length === 0),
  );
  const more = undeclared.length - shownAtMost;
  return [
    `${words[verdict].padEnd(20)} ${name}: ${routers} routers, ${probes} probes${why}`,
    ...refused.map((each) => `  refused by the API server: ${each}`),
    ...undeclared.slice(0, shownAtMost).flatMap(toLines),
    ...(more > 0 ? [`  and ${more} more probes`] : []),
  ].join('\n');
}

function toLines({ probe, divergences }: ReportedDifference): readonly string[] {
  const left = divergences.filter(({ declared }) => declared.length === 0);
  return [
    `  ${probe}`,
    ...left.map(
      ({ aspect, reference, fairlead }) =>
        `    ${aspect}: ${reference || '-'}  |  Fairlead: ${fairlead || '-'}`,
    ),
  ];
}

/** How many behave how, in all and of those that route something. */
export function toSummary(results: readonly FixtureResult[]): string {
  const failing = results.filter(({ verdict }) => verdict === 'differs').map(({ name }) => `  ${name}`);
  const routing = results.filter(({ routers }) => routers > 0);
  return [
    '',
    `All fixtures: ${toCounts(results)}`,
    `Those of which the reference makes routers: ${toCounts(routing)}`,
    ...(failing.length === 0 ? [] : ['Those that differ otherwise:', ...failing]),
  ].join('\n');
}

function toCounts(results: readonly FixtureResult[]): string {
  const counts = Object.entries(words).map(
    ([verdict, text]) => `${text} ${results.filter((each) => each.verdict === verdict).length}`,
  );
  return `${results.length}; ${counts.join(', ')}`;
}
