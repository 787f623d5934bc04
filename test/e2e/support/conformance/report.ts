import type { SuiteTest } from './suite-log.ts';

const profiles = ['HTTP', 'GRPC', 'TLS', 'TCP', 'UDP'] as const;
type Profile = (typeof profiles)[number];

/** Flags of the suite for all five profiles. */
export const allProfiles: readonly string[] = [
  '-conformance-profiles',
  profiles.map((profile) => `GATEWAY-${profile}`).join(','),
];

/** The profile that a test is counted under: what is not about a kind of route stands with HTTP. */
function toProfile({ name }: SuiteTest): Profile {
  return profiles.find((profile) => name.startsWith(`${profile}Route`)) ?? 'HTTP';
}

/** One line for each profile, then every test that has not passed, with why. */
export function toTable(tests: readonly SuiteTest[]): string {
  const rest = tests
    .filter(({ outcome }) => outcome !== 'passed')
    .toSorted((a, b) => (a.outcome + a.name < b.outcome + b.name ? -1 : 1));
  return [
    `${'profile'.padEnd(10)}${['passed', 'failed', 'skipped'].map((word) => word.padStart(8)).join('')}`,
    ...profiles.map((profile) =>
      toLine(
        profile,
        tests.filter((test) => toProfile(test) === profile),
      ),
    ),
    toLine('all', tests),
    '',
    ...rest.map(({ name, outcome, why }) => `${outcome}: ${name}: ${why}`),
  ].join('\n');
}

function toLine(name: string, tests: readonly SuiteTest[]): string {
  const counts = (['passed', 'failed', 'skipped'] as const).map((outcome) =>
    String(tests.filter((test) => test.outcome === outcome).length).padStart(8),
  );
  return `${name.padEnd(10)}${counts.join('')}`;
}
