import type { BankRow, NamespaceRow, PoolRow, PortRow } from '../model/published.ts';
import { toPortReportJson, type PortReportJson } from '../http/admin/report-json.ts';
import type { Replay } from '../inspect/replay.ts';
import { toTargetCell } from '../model/target-text.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command, Options } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { chooseFleet, openReplay } from '../app/open-replay.ts';
import { readSettings } from '../app/read-settings.ts';
import { readNearestServer } from './nearest-server.ts';
import { toProblemLine } from './problem-text.ts';
import { haveSeveralSources } from './several-sources.ts';
import { transfer } from './ports-transfer.ts';
import { toTable } from './table.ts';
import { askServer } from './server.ts';
import { serverOptions } from './server-options.ts';
import * as sharedOptions from './shared-options.ts';
import { watch, watchOption } from './watch.ts';

/** `fairlead ports`: the port pools. */
export const ports: Command = {
  spec: {
    name: 'ports',
    summary:
      'Show the port pools: every port, its holder, since when, and requests that could not be met; or transfer FROM TO',
    positionals: '[DIR…]',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      fleet: { value: 'NAME', help: 'only this fleet' },
      ...serverOptions,
      source: { value: 'NAME', help: 'of transfer: the source of both objects; default the first' },
      history: { help: 'who held which port before, from when to when' },
      output: sharedOptions.output,
      watch: watchOption,
    },
    finds: 'when there is nothing to transfer',
    examples: [
      'fairlead ports transfer old/orders-db new/orders-db -c fairlead.yaml',
      'fairlead ports transfer Service/db/orders:3306 ListenerSet/db/orders:mysql -c fairlead.yaml',
      'fairlead ports',
      'fairlead ports --server http://127.0.0.1:9081 --output json',
    ],
  },
  async run(call, io) {
    if (call.positionals[0] === 'transfer') return transfer(call, io);
    const { positionals: directories, options } = call;
    const cluster = { ...readCluster(options), current: true } as const;
    const request = { config: options.text('config'), cluster, directories };
    const server = await readNearestServer(options, request, io);
    const fleet = options.text('fleet');
    if (server === undefined && fleet !== undefined) chooseFleet(readSettings(request, io), fleet);
    const path = '/api/ports';
    if (options.flag('watch')) {
      const print = (report?: PortReportJson): string => toOutput(report, options, io.colours, 0);
      return watch<PortReportJson>({ server, path, request, toReport, toText: print }, io);
    }
    const report =
      server === undefined
        ? toReport((await openReplay(request, io)).replay)
        : await askServer<PortReportJson>(server, path, io);
    io.out(toOutput(report, options, io.colours, 2));
    return exitCodes.ok;
  },
};

function toReport({ inspection }: Replay): PortReportJson {
  return toPortReportJson(inspection.ports());
}

function toOutput(
  whole: PortReportJson | undefined,
  options: Options,
  colours: boolean,
  indent: number,
): string {
  if (whole === undefined) return '';
  const fleet = options.text('fleet');
  const report = fleet === undefined ? whole : keepFleet(whole, fleet);
  if (options.oneOf('output', ['text', 'json']) === 'json')
    return `${JSON.stringify(report, null, indent)}\n`;
  return options.flag('history') ? toHistoryText(report) : toText(report, colours);
}

function keepFleet(
  { pools, banks, namespaces, ports: rows, taken, history, refused }: PortReportJson,
  fleet: string,
): PortReportJson {
  return {
    ...(taken && { taken: taken.filter((row) => row.fleet === fleet) }),
    pools: pools.filter((pool) => pool.fleet === fleet),
    namespaces: namespaces.filter((row) => row.fleet === fleet),
    banks: banks.filter((bank) => bank.fleet === fleet),
    ports: rows.filter((row) => row.fleet === fleet),
    history: history.filter((row) => row.fleet === fleet),
    refused,
  };
}

/** How many namespaces are shown: those that have the most. */
const mostNamespaces = 20;

function toText(
  { pools, banks, namespaces, ports: rows, refused }: PortReportJson,
  colours: boolean,
): string {
  // With one source or pool its name would be in every row; with more sources the holder alone may be one of several.
  const several = haveSeveralSources([...rows, ...refused]);
  const named = new Set([...pools, ...rows].map(({ pool }) => pool)).size > 1;
  const source = (name: string): readonly string[] => (several ? [name] : []);
  // With one bank all ports are open.
  const open = (count: string): readonly string[] => (banks.length > 0 ? [count] : []);
  const pool = (name: string): readonly string[] => (named ? [name] : []);
  const parts = [
    toTable([
      ['FLEET', ...pool('NAME'), 'POOL', 'REQUESTABLE', 'PORTS', ...open('OPEN'), 'HELD', 'COOLING', 'FREE'],
      ...pools.map((row) => toPoolCells(row, pool(row.pool), open(String(row.open)))),
    ]),
    toBankText(banks),
    rows.length === 0
      ? 'No port is held or cooling down.\n'
      : toTable([
          [
            'FLEET',
            ...pool('POOL'),
            'PORT',
            'STATE',
            'HOLDER',
            ...source('SOURCE'),
            'SERVICE PORT',
            'SINCE',
            'ADDRESSES',
          ],
          ...rows.map((row) => toPortCells(row, pool(row.pool), source(row.source))),
        ]),
    namespaces.length === 0
      ? ''
      : toTable([
          ['FLEET', ...pool('POOL'), 'NAMESPACE', ...source('SOURCE'), 'HELD', 'COOLING', 'MOST'],
          ...namespaces
            .slice(0, mostNamespaces)
            .map((row) => toNamespaceCells(row, pool(row.pool), source(row.source))),
        ]),
    namespaces.length <= mostNamespaces
      ? ''
      : `${namespaces.length - mostNamespaces} more namespaces: see them with --output json.\n`,
    refused.map((problem) => `${toProblemLine(problem, colours, several)}\n`).join(''),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function toHistoryText({ history }: PortReportJson): string {
  if (history.length === 0) return 'No port was held before.\n';
  const several = haveSeveralSources(history);
  const source = (name: string): readonly string[] => (several ? [name] : []);
  return toTable([
    ['FLEET', 'PORT', 'HOLDER', ...source('SOURCE'), 'SERVICE PORT', 'SINCE', 'UNTIL'],
    ...history.map((row) => [
      row.fleet,
      `${row.port}/${row.protocols.join('+')}`,
      row.holder,
      ...source(row.source),
      toTargetCell(row),
      row.since,
      row.until,
    ]),
  ]);
}

/** Those that are or should be open; empty when no fleet has several. */
function toBankText(banks: readonly BankRow[]): string {
  const shown = banks.filter(({ state }) => state !== 'closed');
  if (banks.length === 0) return '';
  const table = toTable([
    ['FLEET', 'BANK', 'STATE', 'PORTS', 'HELD', 'COOLING', 'FREE', 'SINCE'],
    ...shown.map(({ fleet, bank, state, ports: total, held, cooling, free, since = '' }) => [
      fleet,
      String(bank),
      state,
      ...[total, held, cooling, free].map(String),
      since,
    ]),
  ]);
  const closed = banks.length - shown.length;
  return closed === 0 ? table : `${table}${closed} more can be opened.\n`;
}

function toPoolCells(pool: PoolRow, name: readonly string[], open: readonly string[]): readonly string[] {
  const counts = [String(pool.total), ...open, ...[pool.held, pool.cooling, pool.free].map(String)];
  return [pool.fleet, ...name, `${pool.protocol} ${pool.range}`, pool.requestable ?? 'all', ...counts];
}

function toNamespaceCells(
  row: NamespaceRow,
  pool: readonly string[],
  source: readonly string[],
): readonly string[] {
  const counts = [row.held, row.cooling, row.most ?? 'any'].map(String);
  return [row.fleet, ...pool, row.namespace, ...source, ...counts];
}

function toPortCells(row: PortRow, pool: readonly string[], source: readonly string[]): readonly string[] {
  const state = row.until === undefined ? row.state : `${row.state} until ${row.until}`;
  const port = `${row.port}/${row.protocols.join('+')}`;
  return [
    row.fleet,
    ...pool,
    port,
    state,
    row.holder,
    ...source,
    toTargetCell(row),
    row.since,
    row.addresses.join(','),
  ];
}
