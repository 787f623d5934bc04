import { toDocumentName, parseDocumentName } from '../../model/document-name.ts';
import type { CodeCount, Listing, Sight } from '../../model/listing.ts';
import type {
  BankRow,
  Figures,
  Inspection,
  PoolRow,
  Published,
  Readiness,
  SourceRow,
} from '../../model/published.ts';
import type { Pollers } from '../provider/pollers.ts';
import type { RevisionAges } from './revision-ages.ts';

/** What a fleet is served. */
export interface FleetStatus {
  readonly name: string;
  /** The current one of bank 0; null while there is none. */
  readonly revision: string | null;
  /** When that or the document of another bank became another one, RFC 3339, UTC; null: not since the start. */
  readonly changed: string | null;
  /** Of all documents. */
  readonly bytes: number;
  readonly routers: Readonly<Record<'http' | 'tcp' | 'udp', number>>;
  /** Of a fleet with several banks, how many are in which state. */
  readonly banks?: Readonly<Record<BankRow['state'], number>>;
}

/** Who polls, as far as its address tells. */
export interface TraefikStatus {
  readonly fleet: string;
  readonly bank: number;
  readonly host: string;
  readonly address: string;
  readonly userAgent: string;
  /** The last revision that it was sent; null when there was none. */
  readonly revision: string | null;
  /** For how many seconds it has not had the current one; 0: it has it. */
  readonly behindSeconds: number;
  /** RFC 3339, UTC. */
  readonly lastPoll: string;
}

/** `/api/status`: everything at a glance. */
export interface Status {
  readonly version: string;
  /** Of the clock of this Fairlead: RFC 3339, UTC. */
  readonly time: string;
  readonly started: string;
  readonly readiness: Readiness;
  /** Whether this replica allocates ports and writes. */
  readonly leader: boolean;
  /** Whose objects are shown. */
  readonly namespaces: 'all' | readonly string[];
  readonly sources: readonly SourceRow[];
  readonly objects: number;
  readonly fleets: readonly FleetStatus[];
  readonly pools: readonly PoolRow[];
  readonly problems: readonly CodeCount[];
  readonly traefiks: { readonly total: number; readonly rows: readonly TraefikStatus[] };
}

export interface StatusParts {
  readonly version: string;
  readonly published: Published;
  readonly inspection: Inspection;
  readonly listing: Listing;
  readonly pollers: Pollers;
  readonly ages: RevisionAges;
  readonly isLeader: () => boolean;
}

/** So many Traefiks are listed: those that polled last. */
const mostTraefiks = 200;

export function toStatus(
  { version, published, inspection, listing, pollers, ages, isLeader }: StatusParts,
  namespaces: Status['namespaces'],
  sight: Sight,
): Status {
  const figures = inspection.figures();
  const { pools, banks } = inspection.ports();
  return {
    version,
    time: new Date().toISOString(),
    started: ages.started,
    readiness: published.readiness(),
    leader: isLeader(),
    namespaces,
    sources: inspection.sources(),
    objects: figures.objects.reduce((sum, { count }) => sum + count, 0),
    fleets: published.fleets.map((name) => toFleet(name, published, ages, figures, banks)),
    pools,
    problems: listing.countProblems(sight),
    traefiks: toTraefiks(pollers, published, ages),
  };
}

function toFleet(
  name: string,
  published: Published,
  ages: RevisionAges,
  { routers }: Figures,
  rows: readonly BankRow[],
): FleetStatus {
  const documents = published.documents.filter((document) => parseDocumentName(document).fleet === name);
  const changed = documents
    .map((document) => ages.changedAt(document) ?? 0)
    .reduce((a, b) => Math.max(a, b), 0);
  const count = (protocol: string): number =>
    routers.find((each) => each.fleet === name && each.protocol === protocol)?.count ?? 0;
  const banks = { open: 0, wanted: 0, closing: 0, closed: 0 };
  for (const { fleet, state } of rows) if (fleet === name) banks[state] += 1;
  return {
    name,
    revision: published.current(name)?.revision ?? null,
    changed: changed === 0 ? null : new Date(changed).toISOString(),
    bytes: documents.reduce((sum, document) => sum + (published.current(document)?.bytes ?? 0), 0),
    routers: { http: count('http'), tcp: count('tcp'), udp: count('udp') },
    ...(documents.length > 1 && { banks }),
  };
}

function toTraefiks(pollers: Pollers, published: Published, ages: RevisionAges): Status['traefiks'] {
  const rows = pollers.rows(published);
  return {
    total: rows.length,
    rows: rows.slice(0, mostTraefiks).map((row) => ({
      fleet: row.fleet,
      bank: row.bank,
      host: row.host,
      address: row.address,
      userAgent: row.userAgent,
      revision: row.revision,
      behindSeconds: row.current ? 0 : ages.behindSeconds(toDocumentName(row.fleet, row.bank), row.revision),
      lastPoll: row.lastSeen,
    })),
  };
}
