import { toObjectKey, toObjectPath } from '../../model/object-ref.ts';
import { parseDocumentName } from '../../model/document-name.ts';
import { toExpectedEntryPoints } from '../../inspect/expected-entry-points.ts';
import type { Replay } from '../../inspect/replay.ts';
import type { FleetSettings, Settings } from '../../settings/settings.ts';
import { findTargets } from '../../traefik-api/find-targets.ts';
import type { Facts, IngressFacts, TraefikFacts } from '../facts.ts';
import { readCluster } from './read-cluster.ts';
import { readHost } from './read-host.ts';
import { readServer } from './read-server.ts';
import { readTraefikFacts, toFileFacts } from './read-traefik-facts.ts';

export interface GatherOptions {
  readonly settings: Settings;
  readonly replay: Replay;
  /** The URLs of APIs of Traefiks. */
  readonly traefiks: readonly string[];
  /** Static configurations: what they are called, and their text. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** The fleet of those Traefiks; absent: the one whose entryPoints they have. */
  readonly fleet?: FleetSettings | undefined;
  /** The URL of the provider listener; undefined: nobody asks it. */
  readonly server: string | undefined;
}

const timeoutMs = 3_000;

/** Asks everything that a diagnosis needs, all at once. Never rejects: who cannot be asked is a fact as well. */
export async function gatherFacts(options: GatherOptions): Promise<Facts> {
  const { settings, replay, files, server } = options;
  const targets = await Promise.all(options.traefiks.map((url) => findTargets(url, timeoutMs)));
  const [seen, host, clusters, served] = await Promise.all([
    Promise.all(targets.flat().map((target) => readTraefikFacts(target))),
    readHost(),
    Promise.all(
      settings.sources.flatMap((source) => ('kubernetes' in source ? readCluster(source, settings) : [])),
    ),
    server === undefined ? null : readServer(server, settings),
  ]);
  const { inspection } = replay;
  const read = [
    ...seen.map((each) => ({ ...each, isFile: false })),
    ...files.map(({ name, text }) => ({ ...toFileFacts(name, text), isFile: true })),
  ];
  return {
    settings,
    traefiks: read.map((each) => ({ ...each, ...findPlace(each, options) })),
    host,
    clusters,
    ingresses: listIngresses(replay),
    routes: inspection.routes(),
    problems: inspection.problems(),
    server: served,
  };
}

/** Which fleet and bank a Traefik is of: as its provider says, or its entryPoints. */
function findPlace(
  { name, provider, entryPoints }: Pick<TraefikFacts, 'entryPoints' | 'name' | 'provider'>,
  { settings: { fleets }, fleet: given }: GatherOptions,
): Pick<TraefikFacts, 'bank' | 'fleet'> {
  const [first] = fleets;
  if (first === undefined) throw new Error('there is no fleet');
  const names = (entryPoints ?? []).map((each) => each.name);
  const endpoint = provider === null || provider === 'absent' ? null : provider.endpoint;
  const [, document = ''] = /\/traefik\/([^/]+(?:\/\d+)?)\/*$/.exec(endpoint ?? '') ?? [];
  const { fleet: asked, bank } = parseDocumentName(document);
  const url = name.replace(/ \(.*\)$/, '');
  const fleet =
    given ??
    fleets.find((each) => each.name === asked) ??
    fleets.find(({ api = [] }) => api.includes(url)) ??
    toClosest(fleets, names) ??
    first;
  const expected = toExpectedEntryPoints(fleet);
  const isKnown = fleet.name === asked && expected.banks[bank] !== undefined;
  return { fleet, bank: isKnown ? bank : expected.findBank(names) };
}

/** The one that has most of these entryPoints. */
function toClosest(fleets: readonly FleetSettings[], names: readonly string[]): FleetSettings | undefined {
  const count = (fleet: FleetSettings): number => {
    const { banks } = toExpectedEntryPoints(fleet);
    return names.filter((name) => banks.some((bank) => bank.has(name))).length;
  };
  return fleets.toSorted((a, b) => count(b) - count(a))[0];
}

const classAnnotation = 'kubernetes.io/ingress.class';

function listIngresses({ pipeline, inspection }: Replay): readonly IngressFacts[] {
  const routed = new Set(inspection.routes().map(({ object, source }) => `${source} ${object}`));
  return [...pipeline.store.values()].flatMap((object) => {
    if (object.kind !== 'Ingress') return [];
    const { ref, annotations } = object.meta;
    const path = toObjectPath(ref);
    if (!routed.has(`${ref.source} ${path}`)) return [];
    return [
      {
        object: path,
        className: object.className ?? null,
        annotatedClass: annotations[classAnnotation] ?? null,
        addresses: object.addresses.flatMap(({ ip, hostname }) =>
          [ip, hostname].filter((each) => each !== undefined),
        ),
        fleets: pipeline.fleetsOf(toObjectKey(ref)),
      },
    ];
  });
}
