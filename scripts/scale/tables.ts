import { constants, type Measured } from './constants.ts';
import { estimate } from './model.ts';
import { choices, rates, type Scenario, sizes } from './scenario.ts';

const endpointsPerService = 10;
const shareWithPort = 0.05;

/** What the model is asked about for the table of one kind of backends. */
export function listScenarios(
  backends: Scenario['backends'],
): readonly (Scenario & { readonly rate: string })[] {
  return sizes.flatMap((services) =>
    rates.map(({ name, rolloutsPerService }) => ({
      services,
      endpointsPerService,
      shareWithPort,
      rolloutsPerService,
      backends,
      rate: name,
    })),
  );
}

const columns = [
  'Services',
  'rollouts',
  'changes/s',
  'clusters',
  'Fairleads',
  'each: memory, cores, start',
  'fleets',
  'Services of one',
  'document',
  'documents/s',
  'its Traefik: one document, cores, memory',
  'change to routed',
  'ports in banks',
] as const;

/** The table of the model, as Markdown: it is made of the constants alone. */
export function toScaleTable(backends: Scenario['backends']): string {
  const rows = listScenarios(backends).map((scenario) => {
    const { fairlead, traefik, ...units } = estimate(scenario);
    return [
      toCount(scenario.services),
      scenario.rate,
      toDigits(units.changes),
      toCount(units.clusters),
      toCount(units.fairleads),
      `${toCount(fairlead.memory)} MB, ${fairlead.cores.toFixed(2)}, ${fairlead.start.toFixed(0)} s`,
      toCount(units.fleets),
      toCount(traefik.services),
      `${(traefik.documentBytes / 1e6).toFixed(1)} MB`,
      toDigits(traefik.documents),
      `${toDigits(traefik.perDocument)} s, ${traefik.cores.toFixed(2)}, ${toCount(traefik.memory)} MB`,
      `${traefik.latency.toFixed(1)} s`,
      `${toCount(units.portsPerFleet)} in ${units.banks}`,
    ];
  });
  return toTable(columns, rows);
}

const waits = [
  { name: 'endpoints', backends: 'endpoints', debounce: choices.debounce, maxWait: choices.maxWait },
  { name: 'endpoints, gathered for longer', backends: 'endpoints', debounce: 1, maxWait: 10 },
  { name: 'clusterip', backends: 'clusterip', debounce: choices.debounce, maxWait: choices.maxWait },
] as const;

/** The same Services by what an operator may choose. */
export function toChoiceTable(): string {
  const scenarios = listScenarios('endpoints').filter(
    ({ services, rate }) => (services === 10_000 || services === 100_000) && rate === 'hourly',
  );
  const rows = scenarios.flatMap((scenario) =>
    waits.map(({ name, backends, debounce, maxWait }) => {
      const { fairleads, fleets, traefik } = estimate(
        { ...scenario, backends },
        { ...choices, debounce, maxWait },
      );
      return [
        toCount(scenario.services),
        name,
        `${debounce} s, ${maxWait} s`,
        toCount(fairleads),
        toCount(fleets),
        toDigits(traefik.documents),
        traefik.cores.toFixed(2),
        `${traefik.latency.toFixed(1)} s`,
      ];
    }),
  );
  return toTable(
    [
      'Services',
      'backends',
      'debounce, maxWait',
      'Fairleads',
      'fleets',
      'documents/s of one',
      'cores of its Traefik',
      'change to routed',
    ],
    rows,
  );
}

/** What a cluster has to bear: of each replica that starts, and of the leader. */
export function toClusterTable(): string {
  const scenarios = listScenarios('endpoints').filter(({ rate }) => rate === 'daily');
  const rows = scenarios.map((scenario) => {
    const { clusters, listBytes, firstWrites, ledgerBytes, fairleads } = estimate(scenario);
    return [
      toCount(scenario.services),
      toCount(clusters),
      `${toCount(listBytes / 1e6)} MB`,
      `${firstWrites.toFixed(0)} s`,
      toCount(fairleads),
      `${toCount(ledgerBytes / 1e3)} kB`,
    ];
  });
  const heads = [
    'Services',
    'clusters',
    'one list of one',
    'first writes to one',
    'Fairleads',
    'ledger of one',
  ];
  return toTable(heads, rows);
}

/** What the model is fed with. */
export function toConstantsTable(): string {
  const all: readonly Measured[] = Object.values(constants);
  const rows = all.map(({ what, value, unit, from }) => [what, toValue(value, unit), from]);
  return toTable(['', 'figure', 'from'], rows);
}

function toValue(value: number, unit: Measured['unit']): string {
  if (unit === 'seconds' && value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (unit === 'seconds') return `${(value * 1e3).toFixed(0)} ms`;
  if (unit === 'MB' && value < 1) return `${(value * 1e3).toFixed(1)} kB`;
  return `${value.toLocaleString('en')} ${unit}`.trim();
}

function toCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Two digits that count. */
function toDigits(value: number): string {
  return value >= 10 ? toCount(value) : value.toPrecision(2);
}

function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---:'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
