/** One curve, or several that differ in labels. */
interface Query {
  readonly expr: string;
  /** With `{{label}}` in it. */
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  /** As Grafana calls it: `s`, `short`, `percentunit`, `bytes`, `ops`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** A number rather than curves. */
  readonly stat?: boolean;
  readonly max?: number;
}

const mine = '{job=~"$job"}';
const replicas = 'without (instance, pod)';

function quantiles(metric: string): readonly Query[] {
  return [0.5, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(${metric}_bucket${mine}[$__rate_interval])))`,
    legend: `${share * 100}%`,
  }));
}

const rows: Readonly<Record<string, readonly Panel[]>> = {
  'At a glance': [
    {
      title: 'Leaders',
      description: 'One of the replicas allocates ports and writes to clusters.',
      unit: 'short',
      stat: true,
      queries: [{ expr: `sum(fairlead_leader${mine})`, legend: 'leaders' }],
    },
    {
      title: 'Sources that are not synced',
      description: 'Their last known objects are served.',
      unit: 'short',
      stat: true,
      queries: [
        {
          expr: `sum(max ${replicas} (fairlead_source_state{job=~"$job",state!="synced"})) or vector(0)`,
          legend: 'sources',
        },
      ],
    },
    {
      title: 'Traefiks that are behind',
      description: 'They have not fetched the current configuration.',
      unit: 'short',
      stat: true,
      queries: [
        {
          expr: `count(min ${replicas} (fairlead_traefik_behind_seconds${mine}) > 0) or vector(0)`,
          legend: 'Traefiks',
        },
      ],
    },
    {
      title: 'Problems',
      description: '/api/problems lists them.',
      unit: 'short',
      stat: true,
      queries: [
        { expr: `sum by (severity) (max ${replicas} (fairlead_problems${mine}))`, legend: '{{severity}}' },
      ],
    },
    {
      title: 'Routers',
      description: 'In the configuration for Traefik.',
      unit: 'short',
      stat: true,
      queries: [
        { expr: `sum by (protocol) (max ${replicas} (fairlead_routers${mine}))`, legend: '{{protocol}}' },
      ],
    },
    {
      title: 'Routes lost at once',
      description: 'Unusually many routes of a source: still served (hold), or gone (warn).',
      unit: 'short',
      stat: true,
      queries: [
        { expr: `sum(max ${replicas} (fairlead_shrunk_routes${mine})) or vector(0)`, legend: 'routes' },
      ],
    },
  ],
  Changes: [
    {
      title: 'From a change to the configuration that has it',
      description: 'From the first change, if several are collected.',
      unit: 's',
      queries: quantiles('fairlead_change_to_bytes_seconds'),
    },
    {
      title: 'From a change to Traefiks that have it',
      description: 'For each Traefik, without the time that Traefik needs to apply it.',
      unit: 's',
      queries: quantiles('fairlead_change_to_fetched_seconds'),
    },
    {
      title: 'Changes of the configuration',
      description: 'Each resets rate limits and health states in Traefik.',
      unit: 'ops',
      queries: [
        {
          expr: `max ${replicas} (rate(fairlead_revision_changes_total${mine}[$__rate_interval]))`,
          legend: '{{fleet}}',
        },
      ],
    },
    {
      title: 'Size of the configuration',
      description: 'The larger it is, the longer Traefik needs for a change.',
      unit: 'bytes',
      queries: [{ expr: `max ${replicas} (fairlead_config_bytes${mine})`, legend: '{{fleet}} {{bank}}' }],
    },
  ],
  Traefiks: [
    {
      title: 'Behind',
      description: 'For how long a Traefik has not fetched the current configuration.',
      unit: 's',
      queries: [
        {
          expr: `min ${replicas} (fairlead_traefik_behind_seconds${mine})`,
          legend: '{{fleet}} {{bank}} {{address}}',
        },
      ],
    },
    {
      title: 'Polls',
      description: 'By status; 499: Traefik disconnected before the answer.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (status) (rate(fairlead_polls_total${mine}[$__rate_interval]))`,
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Traefiks by what they have applied',
      description: 'Of those known from fleets[].api or fairlead edge.',
      unit: 'short',
      queries: [{ expr: `max ${replicas} (fairlead_traefiks${mine})`, legend: '{{fleet}} {{state}}' }],
    },
    {
      title: 'What Traefiks lack',
      description: 'EntryPoints of the fleet, and routers with an error.',
      unit: 'short',
      queries: [{ expr: `max ${replicas} (fairlead_traefik_faults${mine})`, legend: '{{fleet}} {{kind}}' }],
    },
  ],
  Ports: [
    {
      title: 'Ports of the pools that are taken',
      description: 'Held or cooling down, of all.',
      unit: 'percentunit',
      max: 1,
      queries: [
        {
          expr: `max ${replicas} (sum without (state) (fairlead_pool_ports{job=~"$job",state=~"held|cooling"}) / sum without (state) (fairlead_pool_ports{job=~"$job",state=~"held|cooling|free|closed"}))`,
          legend: '{{fleet}} {{pool}} {{protocol}}',
        },
      ],
    },
    {
      title: 'Banks',
      description: 'Of fleets whose pool is divided.',
      unit: 'short',
      queries: [{ expr: `max ${replicas} (fairlead_banks${mine})`, legend: '{{fleet}} {{state}}' }],
    },
    {
      title: 'Namespaces with the most ports',
      description: 'Ports that count against their quota.',
      unit: 'short',
      queries: [
        {
          expr: `topk(10, max ${replicas} (fairlead_pool_namespace_ports${mine}))`,
          legend: '{{pool}} {{namespace}}',
        },
      ],
    },
  ],
  Sources: [
    {
      title: 'Lag',
      description: 'For how long a source has not been synced.',
      unit: 's',
      queries: [{ expr: `max ${replicas} (fairlead_source_lag_seconds${mine})`, legend: '{{source}}' }],
    },
    {
      title: 'Lists and watches that were started again',
      description: 'A few watches in each ten minutes are usual.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (source) (rate(fairlead_source_relists_total${mine}[$__rate_interval]))`,
          legend: '{{source}} lists',
        },
        {
          expr: `sum by (source) (rate(fairlead_source_watch_restarts_total${mine}[$__rate_interval]))`,
          legend: '{{source}} watches',
        },
      ],
    },
    {
      title: 'Objects',
      description: 'That Fairlead has read.',
      unit: 'short',
      queries: [{ expr: `max ${replicas} (fairlead_objects${mine})`, legend: '{{source}} {{kind}}' }],
    },
    {
      title: 'Writes to clusters',
      description: 'And those that failed, or conflicted with one of somebody else.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (source) (rate(fairlead_write_backs_total${mine}[$__rate_interval]))`,
          legend: '{{source}}',
        },
        {
          expr: `sum by (source) (rate(fairlead_write_back_errors_total${mine}[$__rate_interval]))`,
          legend: '{{source}} failed',
        },
        {
          expr: `sum by (target) (rate(fairlead_write_conflicts_total${mine}[$__rate_interval]))`,
          legend: 'conflicts over {{target}}',
        },
        { expr: `sum(rate(fairlead_ledger_errors_total${mine}[$__rate_interval]))`, legend: 'ledger failed' },
      ],
    },
    {
      title: 'Certificates that expire first',
      description: 'Time that is left.',
      unit: 's',
      queries: [
        {
          expr: `bottomk(10, min ${replicas} (fairlead_certificate_expiry_timestamp_seconds${mine}) - time())`,
          legend: '{{namespace}}/{{secret}}',
        },
      ],
    },
  ],
  Process: [
    {
      title: 'Time of a rebuild',
      description: 'Meanwhile the process does nothing else.',
      unit: 's',
      queries: quantiles('fairlead_rebuild_duration_seconds'),
    },
    {
      title: 'Delay of the event loop',
      description: 'How late timers ran.',
      unit: 's',
      queries: quantiles('fairlead_event_loop_delay_seconds'),
    },
    {
      title: 'Memory',
      description: 'Resident, of each replica.',
      unit: 'bytes',
      queries: [{ expr: `process_resident_memory_bytes${mine}`, legend: '{{instance}}' }],
    },
    {
      title: 'CPU',
      description: 'Of each replica; 1 is a whole core.',
      unit: 'percentunit',
      queries: [{ expr: `rate(process_cpu_seconds_total${mine}[$__rate_interval])`, legend: '{{instance}}' }],
    },
  ],
};

/** The PromQL of all panels, for the test that asks Prometheus about them. */
export function listQueries(): readonly string[] {
  return listCurves().map(({ expr }) => expr);
}

/** Each of them with what is shown of it: the legend, and the unit of its panel. */
export function listCurves(): readonly (Query & Pick<Panel, 'unit'>)[] {
  return Object.values(rows).flatMap((panels) =>
    panels.flatMap(({ unit, queries }) => queries.map((query) => ({ unit, ...query }))),
  );
}

/** The dashboard as Grafana imports it: "Dashboards", "New", "Import". */
export function toDashboard(): string {
  let top = 0;
  const panels = Object.entries(rows).flatMap(([title, own]) => {
    const placed = placeRow(title, own, top);
    top = placed.bottom;
    return placed.panels;
  });
  const dashboard = {
    uid: 'fairlead',
    title: 'Fairlead',
    tags: ['fairlead'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [toDatasource(), toJob()] },
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

interface Placed {
  readonly panels: readonly object[];
  readonly bottom: number;
}

/** A line with the title, and below it the panels, as many beside each other as there is room for. */
function placeRow(title: string, panels: readonly Panel[], top: number): Placed {
  const isStats = panels.every(({ stat = false }) => stat);
  const [width, height] = isStats ? [4, 4] : [12, 8];
  const head = { type: 'row', title, collapsed: false, gridPos: { x: 0, y: top, w: 24, h: 1 }, panels: [] };
  const perLine = 24 / width;
  const placed = panels.map((panel, index) => {
    const [x, y] = [(index % perLine) * width, top + 1 + Math.floor(index / perLine) * height];
    return toPanel(panel, { x, y, w: width, h: height });
  });
  return { panels: [head, ...placed], bottom: top + 1 + Math.ceil(panels.length / perLine) * height };
}

function toPanel({ title, description, unit, queries, stat = false, max }: Panel, gridPos: object): object {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return {
    type: stat ? 'stat' : 'timeseries',
    title,
    description,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, ...(max !== undefined && { max }) }, overrides: [] },
    options: stat
      ? { reduceOptions: { calcs: ['lastNotNull'] } }
      : { legend: { displayMode: 'list', placement: 'bottom' } },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

function toDatasource(): object {
  return { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };
}

function toJob(): object {
  return {
    name: 'job',
    label: 'Job',
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    query: 'label_values(fairlead_build_info, job)',
    refresh: 2,
    includeAll: true,
    multi: true,
    current: { text: 'All', value: '$__all' },
  };
}
