import type { Problem } from '../model/problem.ts';
import type { PoolProtocol, PortRange } from '../model/port.ts';
import type { RouteRow } from '../model/published.ts';
import type { RouterFault, SeenEntryPoint } from '../model/traefik-state.ts';
import type { FleetSettings, Settings } from '../settings/settings.ts';

/** The block of the HTTP provider in a static configuration. */
export interface ProviderFacts {
  /** Null: not known. */
  readonly endpoint: string | null;
  readonly pollIntervalMs: number;
  readonly pollTimeoutMs: number;
  /** The header `Authorization`; null: none is sent. */
  readonly authorization: string | null;
}

/** One Traefik that runs, or the static configuration of one. Null stands for what cannot be known of it. */
export interface TraefikFacts {
  /** The URL of its API, or the name of the file. */
  readonly name: string;
  readonly fleet: FleetSettings;
  readonly bank: number;
  readonly isFile: boolean;
  /** Why its API could not be asked. */
  readonly error: string | null;
  readonly version: string | null;
  /** Of the answer that it has applied; `none`: it has applied none. */
  readonly revision: string | null;
  /** How far its clock is ahead of that of this machine. */
  readonly clockAheadMs: number | null;
  readonly entryPoints: readonly SeenEntryPoint[] | null;
  /** `absent`: there is none. */
  readonly provider: ProviderFacts | 'absent' | null;
  readonly throttleMs: number | null;
  /** What Kubernetes, or a load balancer, asks to know whether it may send traffic. */
  readonly readinessPath: string | null;
  readonly faults: readonly RouterFault[];
}

/** A port that something listens on. */
export interface HostListener {
  readonly protocol: PoolProtocol;
  readonly port: number;
  /** The name of its program; null: not known. */
  readonly program: string | null;
}

/** This machine. */
export interface HostFacts {
  /** From which Linux takes the ports of outgoing connections; null: not known. */
  readonly ephemeral: PortRange | null;
  /** Ports of that range which Linux leaves out. */
  readonly reserved: readonly PortRange[];
  readonly listeners: readonly HostListener[];
}

/** A right that a role does not grant. */
export interface LackingRight {
  readonly verb: string;
  /** Empty: the core group. */
  readonly group: string;
  readonly resource: string;
  /** Null: in the whole cluster. */
  readonly namespace: string | null;
  readonly for: string;
}

/** A Lease whose holder lives, and the ledger that its Fairleads write. */
export interface LedgerLease {
  /** `namespace/name`. */
  readonly lease: string;
  readonly ledger: string;
}

/** One cluster that is a source. */
export interface ClusterFacts {
  readonly source: string;
  /** Why it could not be asked. */
  readonly error: string | null;
  readonly clockAheadMs: number | null;
  readonly lacking: readonly LackingRight[];
  readonly leases: readonly LedgerLease[];
}

/** An Ingress that is routed. */
export interface IngressFacts {
  /** `Ingress/namespace/name`. */
  readonly object: string;
  readonly className: string | null;
  /** The annotation `kubernetes.io/ingress.class`. */
  readonly annotatedClass: string | null;
  /** What its status says. */
  readonly addresses: readonly string[];
  readonly fleets: readonly string[];
}

/** The Fairlead that Traefiks poll. */
export interface ServerFacts {
  readonly url: string;
  readonly error: string | null;
  readonly clockAheadMs: number | null;
  /** By document, what is served now. */
  readonly revisions: ReadonlyMap<string, string>;
}

/** All that a diagnosis is made from: gathered first, and judged without asking anything more. */
export interface Facts {
  readonly settings: Settings;
  readonly traefiks: readonly TraefikFacts[];
  readonly host: HostFacts;
  readonly clusters: readonly ClusterFacts[];
  readonly ingresses: readonly IngressFacts[];
  readonly routes: readonly RouteRow[];
  readonly problems: readonly Problem[];
  /** Null: nobody asked it, since no Traefik was to be looked at. */
  readonly server: ServerFacts | null;
}
