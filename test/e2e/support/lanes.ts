import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

/**
 * How long the longest files take on two cores that do nothing else, in seconds. Only the division among lanes hangs on
 * it: a file that is not here counts as `usual`, and the summary of a run shows where a figure is no longer true.
 */
export const secondsByFile: Readonly<Record<string, number>> = {
  rbac: 111,
  'gateway-tls-ports': 9,
  page: 45,
  'page-applied': 48,
  'page-size': 5,
  banks: 61,
  'banks-replicas': 9,
  'cluster-source': 61,
  moves: 29,
  'moves-cluster': 61,
  newcomer: 65,
  edge: 136,
  'edge-banks': 60,
  'edge-report': 36,
  ports: 51,
  away: 67,
  'several-sources': 33,
  events: 45,
  resilience: 36,
  'write-back': 27,
  'event-recorder': 20,
  'event-faults': 45,
  leader: 28,
  golden: 71,
  serving: 28,
  takeover: 25,
  'write-back-rights': 30,
  decoder: 12,
  'ledger-configmap': 21,
  schedule: 40,
  endurance: 60,
  'damaged-ledger': 21,
  'cluster-scenarios': 10,
  'udp-health': 34,
  pools: 9,
  'rolling-update': 30,
  health: 14,
  'tcp-options': 15,
  'http-options': 6,
  'shrink-guard': 3,
  changes: 2,
  migrate: 17,
  'real-clients': 4,
  scenarios: 11,
  'where-servers-are': 8,
  'differential-traefik': 12,
  'host-conflicts': 6,
  'differential-nginx': 30,
  harness: 10,
  shards: 4,
  traefiks: 33,
  pollers: 20,
  metrics: 10,
  doctor: 35,
  alerts: 140,
  secrets: 15,
  process: 16,
  package: 9,
  'kubectl-plugin': 15,
  'docs-snippets': 21,
  'docs-guide': 18,
  'docs-hosts': 35,
  completion: 6,
  watch: 10,
  'gateway-plugin': 3,
  'gateway-ports': 18,
  conformance: 184,
  'gateway-status': 22,
  'custom-resources': 17,
  'certificate-attacks': 13,
  readiness: 12,
  announce: 8,
  'unread-kinds': 8,
  'api-contract': 8,
};
const usual = 5;

/**
 * The files of `npm run test:long`: they wait for alerts, outages, handovers, checks and new Traefiks, drive a browser, follow the pages of the guide, or put hundreds of cases through real parts. Without them
 * `npm test` takes less than twelve minutes, which is what one waits for before a commit.
 */
export const longFiles: ReadonlySet<string> = new Set([
  'alerts',
  'away',
  'banks',
  'conformance',
  'docs-guide',
  'docs-hosts',
  'docs-snippets',
  'edge',
  'edge-banks',
  'edge-report',
  'endurance',
  'event-faults',
  'golden',
  'moves-cluster',
  'page',
  'page-applied',
  'page-size',
  'rbac',
  'rolling-update',
  'schedule',
  'takeover',
  'udp-health',
  'write-back-rights',
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
