import type { Answer } from './answer.ts';
import type { BankStatus } from './bank.ts';
import type { DocumentName } from './document-name.ts';
import type { GatewayRow } from './gateway-row.ts';
import type { Kind } from './object-ref.ts';
import type { ImportedNumber } from './imported-port.ts';
import type { Problem } from './problem.ts';
import type { ShrinkRow } from './shrink.ts';
import type { PoolProtocol, Port } from './port.ts';
import type { RouterFault } from './traefik-state.ts';

/** One state of the dynamic configuration of a bank, as bytes. */
export interface ConfigRevision {
  /** A hash of what is routed: equal on every replica for equal state. */
  readonly revision: string;
  /** With the revision in it, in pieces, most of which the revisions before and after have as well. */
  readonly body: readonly Buffer[];
  /** The length of the body. */
  readonly bytes: number;
  /** The body compressed; made once, when first asked for. */
  gzip(): Promise<Buffer>;
  /** When the first of the changes arrived that led to it, on the clock of `performance.now`. Absent: not known, or at the start. */
  readonly changedAt?: number;
}

export type Readiness =
  { readonly kind: 'starting'; readonly waitingFor: readonly string[] } | { readonly kind: 'ready' };

/** What the provider listener answers from. */
export interface Published {
  readiness(): Readiness;
  /** The names of the fleets; the first is the default. */
  readonly fleets: readonly string[];
  /** Of each fleet one for each bank that it can have. */
  readonly documents: readonly DocumentName[];
  /** Undefined while starting, and for a document that there is not. After the start never undefined again. */
  current(document: DocumentName): ConfigRevision | undefined;
  /** Calls `changed` after each change of a document's revision, and of readiness, until the returned function is called. */
  subscribe(document: DocumentName, changed: () => void): () => void;
  /** An answer with this revision has left completely, over a connection that counts as a poller until it is closed. */
  fetched(connection: object, document: DocumentName, revision: string): void;
  closed(connection: object): void;
  /** A host has got a whole answer for a document over this connection. */
  polled(connection: object, document: DocumentName, host: string): void;
}

/** A line of `fairlead ports` and of `/api/ports`. */
export interface PortRow {
  readonly fleet: string;
  readonly pool: string;
  readonly port: Port;
  readonly protocols: readonly PoolProtocol[];
  readonly state: 'held' | 'cooling' | 'lost';
  /** `Service/namespace/name`; of a port that cools down the object that held it last. */
  readonly holder: string;
  readonly source: string;
  readonly servicePort: number;
  /** The hostname of the endpoint that the port is for. Absent: the Service as a whole. */
  readonly endpoint?: string;
  /** The listener of a Gateway or ListenerSet that the port is for; `servicePort` means nothing then. */
  readonly listener?: string;
  /** Held since, or cooling down since: RFC 3339, UTC. */
  readonly since: string;
  /** Until when a port that cools down goes to nobody but its last holder: RFC 3339, UTC. */
  readonly until?: string;
  readonly addresses: readonly string[];
}

/** A port that somebody has whom the reader may not see. */
export type TakenPortRow = Pick<PortRow, 'fleet' | 'pool' | 'port' | 'protocols' | 'state'>;

/** A line of `fairlead ports --history`: who held a port before. */
export interface FormerPortRow {
  readonly fleet: string;
  readonly pool: string;
  readonly port: Port;
  readonly protocols: readonly PoolProtocol[];
  /** `Service/namespace/name`. */
  readonly holder: string;
  readonly source: string;
  readonly servicePort: number;
  /** As in a `PortRow`. */
  readonly endpoint?: string;
  readonly listener?: string;
  /** RFC 3339, UTC. */
  readonly since: string;
  readonly until: string;
}

/** What a namespace is charged with in a pool: numbers, whichever their protocols. */
export interface NamespaceRow {
  readonly fleet: string;
  readonly pool: string;
  readonly source: string;
  readonly namespace: string;
  readonly held: number;
  readonly cooling: number;
  /** How many it may have; null: any number. */
  readonly most: number | null;
}

/** A port pool as a whole, on one protocol. */
export interface PoolRow {
  readonly fleet: string;
  readonly pool: string;
  readonly protocol: PoolProtocol;
  readonly range: string;
  readonly requestable: string | null;
  readonly total: number;
  /** How many are in open banks. */
  readonly open: number;
  readonly held: number;
  readonly cooling: number;
  /** Of those that are open. */
  readonly free: number;
}

/** A bank of a fleet that has several. */
export interface BankRow extends BankStatus {
  readonly fleet: string;
  /** How many it has, those of TCP and of UDP. */
  readonly ports: number;
  readonly held: number;
  readonly cooling: number;
  readonly free: number;
  /** Open since then: RFC 3339, UTC. Absent for bank 0, and for what is not open. */
  readonly since?: string;
}

export interface PortReport {
  readonly pools: readonly PoolRow[];
  /** Those that are charged with something, the most first. */
  readonly namespaces: readonly NamespaceRow[];
  /** None of a fleet that has one bank only. */
  readonly banks: readonly BankRow[];
  readonly ports: readonly PortRow[];
  /** Ports of others, without their names. Absent where `ports` has all. */
  readonly taken?: readonly TakenPortRow[];
  /** The oldest first; of each port and namespace the newest are kept. */
  readonly history: readonly FormerPortRow[];
  /** Requests that could not be met, as their problems. */
  readonly refused: readonly Problem[];
}

/** Some of the traffic of a router, and where it goes. */
export interface BranchRow {
  /** `fallback`: when the shares are down, or by their status. `copies`: as well, whatever becomes of them. */
  readonly role: 'copies' | 'fallback' | 'share';
  /** Of all requests or connections of the router. */
  readonly percent: number;
  readonly service: string;
  readonly servers: readonly string[];
}

/** What Traefik checks of the servers of a service; each in a few words, for people. At least one is there. */
export interface CheckRow {
  readonly service: string;
  /** How it asks them by itself. */
  readonly active?: string;
  /** What it makes of failed requests. */
  readonly passive?: string;
}

/** A line of `/api/routes`. */
export interface RouteRow {
  readonly fleet: string;
  readonly protocol: 'http' | 'tcp' | 'udp';
  readonly router: string;
  readonly rule: string;
  readonly entryPoints: readonly string[];
  readonly service: string;
  readonly servers: readonly string[];
  /** How the traffic is divided between services; absent when all goes to one. */
  readonly branches?: readonly BranchRow[];
  /** Of the services with servers, those whose health is checked; absent when there is none. */
  readonly checks?: readonly CheckRow[];
  readonly middlewares: readonly string[];
  readonly tls: boolean;
  /** The object that the route comes from, as `Kind/namespace/name`. */
  readonly object: string;
  readonly source: string;
}

/** Why there is a router. */
export interface RouteReason {
  readonly fleet: string;
  readonly router: string;
  /** What in the object asks for it, such as `spec.rules[0].http.paths[1]`. */
  readonly field: string;
  /** What shaped it, of the object and of those behind it, which are written as `Kind/namespace/name`. */
  readonly annotations: readonly { readonly object: string; readonly key: string }[];
}

/** What one annotation of an object did. */
export interface AnnotationEffect {
  readonly key: string;
  readonly value: string;
  /** `rejected`: its value cannot be used. `withholds`: that closes the route, since it limits access. */
  readonly effect: 'no-effect' | 'rejected' | 'used' | 'withholds' | 'written-back';
  /** One sentence. */
  readonly says: string;
  /** Of one that is used: what is different from the controller that its name comes from; one sentence. */
  readonly differs?: string;
}

/** A pool that a namespace may have ports of. */
export interface PoolRights extends Pick<NamespaceRow, 'cooling' | 'fleet' | 'held' | 'most' | 'pool'> {
  /** Such as `tcp 20000-20099`. */
  readonly ranges: readonly string[];
  /** Labels that a Service has to have. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What may be written by hand, and the field of the configuration that says so. */
export interface ListedRights {
  /** Null: all that is not refused to everybody. Empty: nothing. */
  readonly allowed: readonly string[] | null;
  readonly field: string;
}

/** What a namespace may do, and how much of it is used. */
export interface NamespaceRights {
  readonly pools: readonly PoolRights[];
  /** Networks of endpoints that are written by hand. */
  readonly externalEndpoints: ListedRights;
  /** Names of Services of type ExternalName, and of endpoints. */
  readonly externalNames: ListedRights;
  readonly hosts: {
    /** Hosts and patterns that the configuration gives to it (`ingress.owners`), and to others. */
    readonly own: readonly string[];
    readonly others: readonly string[];
    /** Of all other hosts: `shared`, or `namespace` where the namespace that was first has it. */
    readonly ownership: 'namespace' | 'shared';
  };
  /** In each fleet. */
  readonly routes: readonly { readonly fleet: string; readonly used: number; readonly most: number }[];
  /** What one object may ask for at most. */
  readonly objectLimits: Readonly<Record<string, number>>;
}

/** How the servers of a service are, as one Traefik sees them. */
export type HealthRow = { readonly traefik: string; readonly service: string } & (
  | { readonly servers: readonly { readonly server: string; readonly status: 'DOWN' | 'UP' }[] }
  /** Why it could not be asked; one line. */
  | { readonly error: string }
);

/** On how many Traefiks a router is applied as it was asked for. */
export interface AppliedRow extends Pick<RouteRow, 'fleet' | 'protocol' | 'router'> {
  /** How many Traefiks should have it. */
  readonly traefiks: number;
  readonly applied: number;
  /** The others, and why; of very many the first. */
  readonly not: readonly { readonly traefik: string; readonly why: string }[];
}

/** A line of `/api/traefiks`: what one Traefik says of itself. */
export interface TraefikRow {
  readonly fleet: string;
  readonly bank: number;
  /** The URL of its API, or the host and bank that `fairlead edge` names. */
  readonly traefik: string;
  /** `behind`: it has applied an older answer. `empty`: it has applied none. `unknown`: it was not asked yet. */
  readonly state: 'behind' | 'current' | 'empty' | 'unknown' | 'unreachable';
  /** Since when it is in this state: of one that is behind, since when there is a newer answer than it has. RFC 3339, UTC. */
  readonly since: string;
  /** Why it cannot be reached. */
  readonly error?: string;
  readonly version: string | null;
  /** RFC 3339, UTC. */
  readonly startedAt: string | null;
  /** The answer that it has applied last. */
  readonly revision: string | null;
  /** Of the entryPoints that it should have; of very many the first. */
  readonly entryPointsMissing: readonly string[];
  readonly entryPointsMissingCount: number;
  /** Routers that it does not serve as they were asked for; of very many the first. */
  readonly routerFaults: readonly RouterFault[];
  readonly routerFaultsCount: number;
}

/** Why an object is or is not routed. */
export interface Explanation {
  readonly object: string;
  readonly source: string;
  /** One sentence that sums it up. */
  readonly verdict: string;
  /** One sentence, where its source is not in step: how old this data is. */
  readonly asOf?: string;
  readonly annotations: readonly AnnotationEffect[];
  readonly routes: readonly RouteRow[];
  /** Of the routes of an object that is there. */
  readonly reasons?: readonly RouteReason[];
  readonly ports: readonly PortRow[];
  readonly problems: readonly Problem[];
  /** Of an object of the Gateway API that is ours. */
  readonly gateway?: GatewayRow;
  /** Of a namespace. */
  readonly rights?: NamespaceRights;
  /** Of a running Fairlead that knows the APIs of Traefiks; absent when there is nothing to ask them. */
  readonly health?: readonly HealthRow[];
  /** What became of its routers on the Traefiks; absent where none can be asked. */
  readonly applied?: readonly AppliedRow[];
}

/** A source as the admin listener shows it. */
export interface SourceRow {
  readonly name: string;
  readonly state: 'starting' | 'synced' | 'stale';
  readonly detail: string;
  /** Set while what is served of it comes from a file of `lastKnownGood`: when that was written, RFC 3339, UTC. */
  readonly kept?: string;
  readonly objects: number;
  /** When it was last in step, RFC 3339, UTC: now, while it is. Null before the first time. */
  readonly lastSync: string | null;
}

/** How much there is. */
export interface Figures {
  readonly routers: readonly {
    readonly fleet: string;
    readonly protocol: RouteRow['protocol'];
    readonly count: number;
  }[];
  readonly objects: readonly { readonly source: string; readonly kind: Kind; readonly count: number }[];
}

/** When the certificate of a TLS Secret ends. */
export interface CertificateRow {
  readonly source: string;
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly notAfter: string;
}

/** What the admin listener and the commands show of a running or replayed pipeline. */
export interface Inspection {
  routes(): readonly RouteRow[];
  /** The documents, taken apart and without secrets. */
  answer(): Answer;
  ports(): PortReport;
  problems(): readonly Problem[];
  sources(): readonly SourceRow[];
  /** Losses of routes beyond reason that stand. */
  shrinks(): readonly ShrinkRow[];
  /** Those whose API is known; empty when nothing runs. */
  traefiks(): readonly TraefikRow[];
  /** Asks the Traefiks, so that `traefiks` and `explain` say what is so now. Resolves soon, whether they answer or not. */
  refresh(): Promise<void>;
  figures(): Figures;
  /** The numbers that fleets need entryPoints for besides those of their pools. */
  importedNumbers(): readonly ImportedNumber[];
  /** Of the TLS Secrets whose certificate ends first, so many; the soonest first. */
  certificates(most: number): readonly CertificateRow[];
  /** One entry for each source that has an object of this kind, namespace and name; the kind in any case, or `svc`, `ing`. */
  explain(kind: string, namespace: string, name: string): readonly Explanation[];
}
