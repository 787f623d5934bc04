import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

/**
 * How long the longest files take on two cores that do nothing else, in seconds. Only the division among lanes hangs on
 * it: a file that is not here counts as `usual`, and the summary of a run shows where a figure is no longer true.
 */
export const secondsByFile: Readonly<Record<string, number>> = {
  rbac: 120,
  'gateway-tls-ports': 30,
  page: 55,
  'page-applied': 25,
  'page-size': 45,
  banks: 58,
  'banks-replicas': 30,
  'cluster-source': 80,
  moves: 33,
  'moves-cluster': 68,
  newcomer: 80,
  edge: 120,
  'edge-banks': 65,
  'edge-report': 56,
  ports: 45,
  away: 74,
  'several-sources': 42,
  events: 52,
  resilience: 30,
  'write-back': 26,
  'event-recorder': 21,
  'event-faults': 46,
  leader: 30,
  golden: 75,
  serving: 30,
  takeover: 26,
  'write-back-rights': 28,
  decoder: 8,
  'ledger-configmap': 10,
  schedule: 28,
  endurance: 65,
  'damaged-ledger': 26,
  'cluster-scenarios': 16,
  'udp-health': 35,
  pools: 10,
  'rolling-update': 38,
  health: 16,
  'tcp-options': 16,
  'http-options': 14,
  'shrink-guard': 12,
  changes: 8,
  migrate: 20,
  'real-clients': 4,
  scenarios: 12,
  'where-servers-are': 8,
  'differential-traefik': 12,
  'host-conflicts': 10,
  'differential-nginx': 30,
  harness: 5,
  shards: 3,
  traefiks: 27,
  pollers: 28,
  doctor: 45,
  alerts: 140,
  secrets: 40,
  process: 21,
  package: 25,
  'kubectl-plugin': 15,
  'docs-snippets': 40,
  completion: 30,
  watch: 20,
  'gateway-plugin': 12,
  'gateway-ports': 25,
  conformance: 200,
};
const usual = 10;

/**
 * The files of `npm run test:long`: they wait for alerts, outages and handovers, or put hundreds of cases through real parts. Without them
 * `npm test` takes less than twelve minutes, which is what one waits for before a commit.
 */
export const longFiles: ReadonlySet<string> = new Set([
  'alerts',
  'away',
  'conformance',
  'edge',
  'edge-banks',
  'edge-report',
  'endurance',
  'event-faults',
  'moves-cluster',
  'page',
  'page-size',
  'rbac',
]);

/** Which of all files: those of `npm run test:long`, those of `npm test`, or all. */
export type Selection = 'all' | 'long' | 'short';

export function select(files: readonly string[], selection: Selection): readonly string[] {
  if (selection === 'all') return files;
  return files.filter((file) => longFiles.has(basename(file, '.e2e.ts')) === (selection === 'long'));
}

/** FAIRLEAD_E2E_LANES, else one more than there are cores, at most three: the tests wait more than they compute. */
export function countLanes(wanted = process.env['FAIRLEAD_E2E_LANES'] ?? ''): number {
  if (wanted === '') return Math.min(3, availableParallelism() + 1);
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`FAIRLEAD_E2E_LANES is "${wanted}": write a number such as 2.`);
  return count;
}

/** Divides files so that all lanes end at about the same time: the longest first, each to the lane that has least. */
export function toLanes(
  files: readonly string[],
  count: number,
  seconds: Readonly<Record<string, number>> = secondsByFile,
): readonly (readonly string[])[] {
  const take = (file: string): number => seconds[basename(file, '.e2e.ts')] ?? usual;
  const longestFirst = files.toSorted((a, b) => take(b) - take(a) || (a < b ? -1 : 1));
  const lanes = Array.from({ length: count }, (): { files: string[]; seconds: number } => ({
    files: [],
    seconds: 0,
  }));
  for (const file of longestFirst) {
    const least = lanes.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    least.files.push(file);
    least.seconds += take(file);
  }
  return lanes.map((lane) => lane.files).filter((lane) => lane.length > 0);
}
