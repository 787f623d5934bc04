import { defaultPool } from '../model/ports.ts';
import type {
  AnnotationEffect,
  BranchRow,
  CheckRow,
  Explanation,
  PortRow,
  RouteRow,
} from '../model/published.ts';
import { toExplanationJson, type ExplanationJson } from '../http/admin/report-json.ts';
import { toAppliedLines } from './applied-lines.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command, Options } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { parseExplainTarget, type ExplainTarget } from './explain-target.ts';
import type { Io } from '../app/io.ts';
import { openReplay } from '../app/open-replay.ts';
import type { Replay } from '../inspect/replay.ts';
import { toGatewayText } from './gateway-text.ts';
import { toHealthLines } from './health-lines.ts';
import { readNearestServer } from './nearest-server.ts';
import { toProblemLine } from './problem-text.ts';
import { toRightsText } from './rights-text.ts';
import { toTable } from './table.ts';
import { toTargetText } from '../model/target-text.ts';
import { askServer } from './server.ts';
import { serverOptions } from './server-options.ts';
import * as sharedOptions from './shared-options.ts';
import { watch, watchOption } from './watch.ts';

/** `fairlead explain`: why an object is or is not routed. */
export const explain: Command = {
  spec: {
    name: 'explain',
    summary: 'Tell why an object is or is not routed, and what each of its annotations did',
    positionals: 'KIND/NAMESPACE/NAME [DIR…]',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      ...serverOptions,
      output: sharedOptions.output,
      watch: watchOption,
    },
    finds: 'when no source has the object',
    examples: [
      'fairlead explain Service/rds/orders-db',
      'fairlead explain Namespace/shop -c fairlead.yaml',
      'fairlead explain ing/bbs/bbs --server http://127.0.0.1:9081',
    ],
  },
  async run({ positionals: [object = '', ...directories], options }, io) {
    const target = parseExplainTarget(object);
    const { kind, namespace, name } = target;
    const cluster = { ...readCluster(options), current: true } as const;
    const origin = { config: options.text('config'), cluster, directories };
    const server = await readNearestServer(options, origin, io);
    const path = ['/api/explain', kind, namespace, name].filter((part) => part !== '').join('/');
    const toReport = (replay: Replay): Promise<Explanations> => explainHere(target, replay, io);
    if (options.flag('watch')) {
      const print = (found: Explanations = []): string =>
        found.length === 0 && !isJson(options)
          ? `No source has ${object}.\n`
          : toOutput(found, options, io, 0);
      return watch<Explanations>({ server, path, request: origin, toReport, toText: print }, io);
    }
    const found =
      server === undefined
        ? await toReport((await openReplay(origin, io)).replay)
        : await askServer<Explanations>(server, path, io);
    if (found === undefined || found.length === 0) {
      io.err(`fairlead: no source has ${object}; check kind, namespace and name\n`);
      return exitCodes.problems;
    }
    io.out(toOutput(found, options, io, 2));
    return exitCodes.ok;
  },
};

/** One for each source that has the object. */
type Explanations = readonly ExplanationJson[];

function isJson(options: Options): boolean {
  return options.oneOf('output', ['text', 'json']) === 'json';
}

function toOutput(found: Explanations, options: Options, io: Io, indent: number): string {
  return isJson(options)
    ? `${JSON.stringify(found, null, indent)}\n`
    : found.map((each) => toText(each, io)).join('\n');
}

async function explainHere(
  { kind, namespace, name }: ExplainTarget,
  replay: Replay,
  io: Io,
): Promise<Explanations> {
  // What is asked for may be in one of them.
  for (const { name: source, state, detail } of replay.inspection.sources())
    if (state !== 'synced') io.err(`fairlead: source ${source} could not be read: ${detail}\n`);
  const found: readonly Explanation[] = replay.inspection.explain(kind, namespace, name);
  return Promise.all(
    found.map(async (each) => {
      const locations = await Promise.all(each.problems.map((problem) => replay.locate(problem)));
      return toExplanationJson(each, locations);
    }),
  );
}

/** As the status page says it. */
const effectWords: Readonly<Record<AnnotationEffect['effect'], string>> = {
  used: 'used',
  rejected: 'rejected',
  withholds: 'closes the route',
  'no-effect': 'no effect',
  'written-back': 'written by Fairlead',
};

function toAnnotationCells({ key, value, effect, says, differs }: AnnotationEffect): readonly string[] {
  return ['', key, value, effectWords[effect], differs === undefined ? says : `${says} Differs: ${differs}`];
}

function toText(explanation: ExplanationJson, io: Io): string {
  const { object, source, verdict, asOf, annotations, routes, ports, problems } = explanation;
  const { rights, gateway, health = [], applied = [] } = explanation;
  const sections = [
    `${object} (source ${source})\n${verdict}\n${asOf === undefined ? '' : `${asOf}\n`}`,
    rights === undefined ? '' : toRightsText(rights),
    gateway === undefined ? '' : toGatewayText(gateway),
    toSection('Routes', routes.map(toRouteLines)),
    toSection('On the Traefiks', toAppliedLines(applied)),
    toSection('Health', toHealthLines(health)),
    toSection('Pool ports', ports.map(toPortLine)),
    annotations.length === 0 ? '' : `\nAnnotations\n${toTable(annotations.map(toAnnotationCells))}`,
    toSection(
      'Problems',
      problems.map((problem) => `  ${toProblemLine(problem, io.colours)}`),
    ),
  ];
  return sections.join('');
}

function toSection(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.join('\n')}\n`;
}

/** What Traefik does with clients of a service that has no servers. */
const withoutServers: Readonly<Record<RouteRow['protocol'], string>> = {
  http: 'answers 503',
  tcp: 'closes each connection at once',
  udp: 'drops each packet',
};

function toRouteLines(route: RouteRow): string {
  const details = [
    ['entryPoints', route.entryPoints.join(', ')],
    ['rule', route.rule],
    ['middlewares', route.middlewares.join(', ')],
    ['service', route.service],
    ['servers', route.servers.join(', ') || `none: ${withoutServers[route.protocol]}`],
    ...(route.branches ?? []).map(toBranchDetail),
    ...toCheckDetails(route.checks ?? []),
  ].filter(([, value]) => value !== '');
  const head = `  ${route.protocol}${route.tls ? ' with TLS' : ''} router ${route.router} (fleet ${route.fleet})`;
  return [head, ...details.map(([name, value]) => `    ${name}: ${value}`)].join('\n');
}

const roles: Readonly<Record<BranchRow['role'], string>> = {
  share: 'share',
  fallback: 'when those are down',
  copies: 'copies',
};

/** So many servers of a branch are shown; all of them stand with the router. */
const mostServers = 5;

function toBranchDetail({ role, percent, service, servers }: BranchRow): readonly [string, string] {
  const some = servers.slice(0, mostServers).join(', ') || 'no servers';
  const more = servers.length > mostServers ? ` and ${servers.length - mostServers} more` : '';
  return [roles[role], `${role === 'fallback' ? '' : `${percent}% to `}${service} (${some}${more})`];
}

/** Each way of checking once: the parts of a service are mostly checked alike. */
function toCheckDetails(checks: readonly CheckRow[]): readonly (readonly [string, string])[] {
  const texts = checks.map(({ active, passive }) => [active, passive].filter(Boolean).join('; '));
  return [...new Set(texts)].map((text) => ['checks', text] as const);
}

function toPortLine(row: PortRow): string {
  const { port, protocols, fleet, pool, state, since, until, addresses } = row;
  const end = until === undefined ? '' : ` until ${until}`;
  const where = addresses.length === 0 ? '' : ` at ${addresses.join(', ')}`;
  return `  ${port}/${protocols.join('+')} of ${pool === defaultPool ? '' : `pool ${pool} of `}fleet ${fleet} for ${toTargetText(row)}: ${state} since ${since}${end}${where}`;
}
