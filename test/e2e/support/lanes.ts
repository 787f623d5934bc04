import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

/**
 * How long the longest files take on two cores that do nothing else, in seconds. Only the division among lanes hangs on
 * it: a file that is not here counts as `usual`, and the summary of a run shows where a figure is no longer true.
 */
export const secondsByFile: Readonly<Record<string, number>> = {
  rbac: 110,
  banks: 90,
  'banks-replicas': 30,
  'cluster-source': 90,
  moves: 90,
  'moves-cluster': 90,
  newcomer: 90,
  edge: 120,
  'edge-banks': 65,
  ports: 85,
  away: 85,
  'several-sources': 60,
  events: 55,
  resilience: 50,
  'write-back': 45,
  'event-recorder': 40,
  'event-faults': 40,
  leader: 30,
  golden: 30,
  serving: 30,
  takeover: 27,
  'write-back-rights': 26,
  decoder: 25,
  'ledger-configmap': 25,
  schedule: 24,
  'damaged-ledger': 22,
  'cluster-scenarios': 20,
  'udp-health': 50,
  pools: 25,
  'rolling-update': 40,
  health: 25,
  'tcp-options': 18,
  'real-clients': 18,
  scenarios: 16,
  harness: 15,
  shards: 12,
};
const usual = 10;

/** FAIRLEAD_E2E_LANES, else one for each core, at most three: the tests wait more than they compute. */
export function countLanes(wanted = process.env['FAIRLEAD_E2E_LANES'] ?? ''): number {
  if (wanted === '') return Math.min(3, availableParallelism());
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
