import { collectDefaultMetrics, Counter, Histogram, type Registry } from 'prom-client';
import type { DocumentName } from '../../model/document-name.ts';
import type { Inspection, Published } from '../../model/published.ts';
import type { Pollers } from '../provider/pollers.ts';
import { addChangeTimes } from './change-times.ts';
import { createCounters, type Counters } from './counters.ts';
import { addEventLoopDelay, addGauge, type Sample } from './metric-parts.ts';
import { RevisionAges, type TraefikAge } from './revision-ages.ts';
import { addStateGauges } from './state-gauges.ts';

export interface MetricsOptions {
  readonly version: string;
  readonly published: Published;
  readonly inspection: Inspection;
  readonly pollers: Pollers;
  /** Whether this replica is the one that allocates ports and writes. */
  readonly isLeader: () => boolean;
  /** How many polls are held now. */
  readonly heldPolls: () => number;
  /** What has been counted already, and goes on to be. Absent: nothing. */
  readonly counters?: Counters;
}

/** The metrics of a running Fairlead; most are worked out when they are asked for. */
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  /** What there is, sorted by name. */
  list(): readonly MetricDescription[];
  countPoll(fleet: string, status: number): void;
  /** A Traefik that had an older revision of a document has fetched the present one. */
  countFetch(document: DocumentName): void;
  close(): void;
}

export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/**
 * Those of prom-client that promtool objects to, since they are gauges named like counters, and gauges of quantiles, which cannot
 * be added up: `fairlead_event_loop_delay_seconds` stands for them.
 */
const unwanted = /^nodejs_(active_\w+_total|eventloop_lag_.*)$/;

/** The metrics of one process, in a registry of their own. Names have their unit, and no label has values without bound. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { registry } = options.counters ?? createCounters();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (unwanted.test(name)) registry.removeSingleMetric(name);
  const polls = new Counter({
    name: 'fairlead_polls_total',
    help: 'Polls by the status of the answer; 499: the client disconnected first. The fleet is empty for polls that were refused and for unknown fleets.',
    labelNames: ['fleet', 'status'],
    registers: [registry],
  });
  const times = addChangeTimes(registry, options.published);
  const ages = new RevisionAges(options.published, (document) => times.replaced(document));
  addProcessGauges(registry, options);
  addStateGauges(registry, options.published, options.inspection);
  addTraefiks(registry, ages, options.pollers);
  const stopDelay = addEventLoopDelay(registry);
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    list: () => describe(registry),
    countPoll: (fleet, status) => polls.inc({ fleet, status }),
    countFetch: (document) => times.fetched(document),
    close: () => {
      stopDelay();
      ages.stop();
      registry.clear();
    },
  };
}

function addProcessGauges(registry: Registry, { version, isLeader, heldPolls }: MetricsOptions): void {
  addGauge(registry, 'fairlead_build_info', 'Always 1.', ['version'], () => [[{ version }, 1]]);
  const leads = '1 if this replica is the leader, which allocates ports and writes to clusters.';
  addGauge(registry, 'fairlead_leader', leads, [], () => [[{}, isLeader() ? 1 : 0]]);
  addGauge(registry, 'fairlead_held_polls', 'Polls that are waiting for a change.', [], () => [
    [{}, heldPolls()],
  ]);
}

function addTraefiks(registry: Registry, ages: RevisionAges, pollers: Pollers): void {
  const labels = ['fleet', 'bank', 'address'];
  const behind =
    'Traefiks that have not fetched the current configuration, of those that polled in the last ten minutes.';
  addGauge(registry, 'fairlead_traefiks_behind', behind, ['fleet', 'bank'], () =>
    countBehind(ages.read(pollers)),
  );
  addGauge(
    registry,
    'fairlead_traefik_behind_seconds',
    'For how long a Traefik has not fetched the current configuration, 0 if it has. Only the 200 that polled last.',
    labels,
    () =>
      ages
        .read(pollers)
        .map(({ fleet, bank, address, behindSeconds }): Sample => [
          { fleet, bank: String(bank), address },
          behindSeconds,
        ]),
  );
  addGauge(
    registry,
    'fairlead_traefik_last_poll_timestamp_seconds',
    'When a poll of a Traefik was last answered. Only the 200 that polled last.',
    labels,
    () =>
      ages
        .read(pollers)
        .map(({ fleet, bank, address, lastPoll }): Sample => [
          { fleet, bank: String(bank), address },
          lastPoll,
        ]),
  );
}

function countBehind(traefiks: readonly TraefikAge[]): readonly Sample[] {
  const counts = new Map<string, readonly [labels: Sample[0], value: number]>();
  for (const { fleet, bank, behindSeconds } of traefiks) {
    const key = `${fleet} ${bank}`;
    const [, before = 0] = counts.get(key) ?? [];
    counts.set(key, [{ fleet, bank: String(bank) }, before + (behindSeconds > 0 ? 1 : 0)]);
  }
  return [...counts.values()];
}

function describe(registry: Registry): readonly MetricDescription[] {
  return registry
    .getMetricsAsArray()
    .map((metric) => ({
      name: metric.name,
      help: metric.help,
      type: metric instanceof Counter ? 'counter' : metric instanceof Histogram ? 'histogram' : 'gauge',
      labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
