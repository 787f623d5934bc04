import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { problemCodes } from '../../model/problem-codes.ts';
import type { Inspection, Published, SourceRow } from '../../model/published.ts';

export interface MetricsOptions {
  readonly published: Published;
  readonly inspection: Inspection;
  /** How many polls are held now. */
  readonly heldPolls: () => number;
}

/** What is counted as it happens; all other metrics are computed when they are asked for. */
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  countPoll(fleet: string, status: number): void;
  /** One rebuild of the configuration took this long. */
  observeRebuild(seconds: number): void;
  close(): void;
}

const SOURCE_STATES: readonly SourceRow['state'][] = ['starting', 'synced', 'stale'];

/** The metrics of one process, in a registry of their own. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addStateGauges(registers, options);
  const stopDelay = addEventLoopDelay(registers);
  const stopRevisions = addRevisionChanges(registers, options.published);
  const polls = new Counter({
    name: 'fairlead_polls_total',
    help: 'Answered polls; status 499: the client went away first. Refused ones and unknown fleets have an empty fleet.',
    labelNames: ['fleet', 'status'],
    registers,
  });
  const rebuilds = new Histogram({
    name: 'fairlead_rebuild_duration_seconds',
    help: 'How long it took to make the configuration anew.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    countPoll: (fleet, status) => polls.inc({ fleet, status }),
    observeRebuild: (seconds) => rebuilds.observe(seconds),
    close: () => {
      stopDelay();
      stopRevisions();
      registry.clear();
    },
  };
}

function addStateGauges(registers: Registry[], { published, inspection, heldPolls }: MetricsOptions): void {
  addGauge(registers, 'fairlead_held_polls', 'Polls that wait for a change now.', [], () => [
    [{}, heldPolls()],
  ]);
  addGauge(registers, 'fairlead_config_bytes', 'Size of the current configuration.', ['fleet'], () =>
    published.fleets.flatMap((fleet): Sample[] => {
      const current = published.current(fleet);
      return current === undefined ? [] : [[{ fleet }, current.body.length]];
    }),
  );
  addGauge(
    registers,
    'fairlead_source_state',
    '1 for the state that a source is in.',
    ['source', 'state'],
    () =>
      inspection
        .sources()
        .flatMap(({ name, state }) =>
          SOURCE_STATES.map((each): Sample => [{ source: name, state: each }, each === state ? 1 : 0]),
        ),
  );
  addGauge(registers, 'fairlead_problems', 'Problems by code.', ['code', 'severity'], () =>
    toProblemSamples(inspection),
  );
  addGauge(registers, 'fairlead_pool_ports', 'Pool ports by state.', ['fleet', 'protocol', 'state'], () =>
    toPoolSamples(inspection),
  );
}

/** All codes, also those without a problem: an alert must see a number go to 0. */
function toProblemSamples(inspection: Inspection): readonly Sample[] {
  const counts = new Map<string, number>();
  for (const { code, more = 1 } of inspection.problems()) counts.set(code, (counts.get(code) ?? 0) + more);
  return Object.entries(problemCodes).map(([code, { severity }]) => [
    { code, severity },
    counts.get(code) ?? 0,
  ]);
}

function toPoolSamples(inspection: Inspection): readonly Sample[] {
  const { pools, ports } = inspection.ports();
  return pools.flatMap(({ fleet, protocol, held, cooling, free }): Sample[] => {
    const lost = ports.filter(
      (row) => row.state === 'lost' && row.fleet === fleet && row.protocols.includes(protocol),
    ).length;
    return Object.entries({ held, cooling, free, lost }).map(([state, count]) => [
      { fleet, protocol, state },
      count,
    ]);
  });
}

type Sample = [labels: Readonly<Record<string, string>>, value: number];

function addGauge(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: string[],
  read: () => readonly Sample[],
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames,
    registers,
    collect: () => {
      gauge.reset();
      for (const [labels, value] of read()) gauge.set(labels, value);
    },
  });
}

function addRevisionChanges(registers: Registry[], published: Published): () => void {
  const changes = new Counter({
    name: 'fairlead_revision_changes_total',
    help: 'Changes of the configuration that Traefik is given.',
    labelNames: ['fleet'],
    registers,
  });
  const unsubscribe = published.fleets.map((fleet) => {
    changes.inc({ fleet }, 0);
    let last = published.current(fleet)?.revision;
    return published.subscribe(fleet, () => {
      const current = published.current(fleet)?.revision;
      if (last !== undefined && current !== last) changes.inc({ fleet });
      last = current;
    });
  });
  return () => unsubscribe.forEach((stop) => stop());
}

function addEventLoopDelay(registers: Registry[]): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  addGauge(
    registers,
    'fairlead_event_loop_delay',
    'Seconds that the event loop was late since the last scrape.',
    ['quantile'],
    () => {
      const samples: Sample[] = [50, 99, 100].map((percentile) => [
        { quantile: String(percentile / 100) },
        delay.percentile(percentile) / 1e9,
      ]);
      delay.reset();
      return samples;
    },
  );
  return () => delay.disable();
}
