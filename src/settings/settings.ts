import type { ImportedNumber } from '../model/imported-port.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { ImportSettings } from './imports.ts';
import type { LogLevel } from './schema-log.ts';
import type { PortPool } from './port-pool.ts';

/** A Traefik release line, such as 3.7. */
export interface TraefikVersion {
  readonly major: number;
  readonly minor: number;
}

export interface ListenAddress {
  /** Empty: every address of the machine. */
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
}

export interface DirectorySettings {
  /** Absolute. */
  readonly path: string;
  readonly watch: boolean;
}

export interface KubernetesSettings {
  /** Absolute path of a kubeconfig file, or of several that are one together; null: the service account of the pod. */
  readonly kubeconfig: string | readonly string[] | null;
  /** Null: the current one of the kubeconfig. */
  readonly context: string | null;
  /** Empty: all. */
  readonly namespaces: readonly string[];
}

/** What the address of a server is: each endpoint, the cluster IP of the Service, or its name in the cluster's DNS. */
export type BackendMode = 'endpoints' | 'clusterip' | 'dns' | 'nodeport';

interface SourceBase {
  readonly name: string;
  /** Whether answers wait for its first sync. */
  readonly required: boolean;
  /** For the Services of this source, where no rule says otherwise. */
  readonly backends?: BackendMode;
  /** The nodes of the cluster as the edge reaches them, host names or IP addresses, for node ports; absent: none. */
  readonly nodes?: readonly string[];
}

/** A folder of manifests or a cluster. */
export type SourceSettings =
  | (SourceBase & { readonly directory: DirectorySettings })
  | (SourceBase & { readonly kubernetes: KubernetesSettings });

/** A Service of a cluster source that tells addresses of a fleet. */
export interface AddressSource extends ObjectName {
  /** `service`: its load balancer's addresses, else its external IPs. `endpoints`: those of its ready endpoints. */
  readonly kind: 'endpoints' | 'service';
}

export interface ProxyProtocolSettings {
  /** Networks in CIDR notation; at least one. */
  readonly trustedIPs: readonly string[];
  /** Which entryPoints read the header: those of HTTP, the TCP ports of the pools, or both. */
  readonly entryPoints: 'all' | 'http' | 'pools';
}

/** `gateway`: what filters of HTTPRoutes need that Traefik has no field for. */
export type FleetPlugin = 'gateway';

export interface FleetSettings {
  readonly name: string;
  readonly ingressClasses: readonly string[];
  /** The GatewayClasses that it serves, of those whose controller is Fairlead's. */
  readonly gatewayClasses: readonly string[];
  /**
   * The entryPoints behind the ports that listeners of Gateways may have, as clients dial them. None of them is in a TCP pool of the
   * fleet, and no entryPoint is one of a pool.
   */
  readonly listeners: ReadonlyMap<number, string>;
  /** Whether TLS connections for names that nothing has are closed; absent: Traefik answers them with its own certificate. */
  readonly refusesUnknownSni?: true;
  /** Whether requests are refused that come on a connection for another listener of their Gateway; absent: they are answered. */
  readonly refusesMisdirected?: true;
  /** The plugins of Fairlead that its Traefiks have. */
  readonly plugins: readonly FleetPlugin[];
  readonly entryPoints: {
    readonly http: string;
    readonly https: string;
    /** Where a load balancer asks whether Traefik has its routes; absent: nowhere. */
    readonly ready?: string;
    /** Further ones of the static configuration that annotations may name; absent: none. */
    readonly others?: readonly string[];
  };
  /** Host names or IP addresses under which clients reach the fleet: of the configuration, those that are fixed. */
  readonly addresses: readonly string[];
  /** Where the others are looked up; absent when all are fixed. */
  readonly addressSources?: readonly AddressSource[];
  readonly traefik: TraefikVersion;
  /** The TLS Secret for hosts that have no certificate of their own. */
  readonly defaultCertificate?: ObjectName & { readonly source: string };
  /** Who may say by the PROXY protocol which client a connection is from; absent: nobody. */
  readonly proxyProtocol?: ProxyProtocolSettings;
  /** Where its Traefiks are, as `topology.kubernetes.io/zone` has it; absent: anywhere. */
  readonly zone?: string;
  /** The URLs of the metrics of its Traefiks; absent: nobody has said. */
  readonly metrics?: readonly string[];
  /** The URLs of the APIs of its Traefiks, without a slash at the end; absent: nobody has said. */
  readonly api?: readonly string[];
  /** The first is called `default` and comes from the field `ports`, the others from `pools`; no name is there twice. */
  readonly pools: readonly PortPool[];
  /** What imports need entryPoints for: of a fleet whose static configuration is made, and known only once their ConfigMaps have been read. */
  readonly imported?: readonly ImportedNumber[];
}

export type Dialect = 'fairlead' | 'nginx' | 'traefik';

/** Hosts, or `*.` and a domain for all below it, and the namespaces that have them for themselves. */
export interface HostOwners {
  readonly hosts: readonly string[];
  readonly namespaces: readonly string[];
}

/** Another controller whose Ingresses are served too. */
export interface AdoptedController {
  readonly controller: string;
  readonly dialect: Dialect;
  /** Empty: every class of the controller. */
  readonly classes: readonly string[];
  /** Where an Ingress of the dialect `traefik` is served that names no entryPoints; empty: on those of HTTP and HTTPS. */
  readonly entryPoints: readonly string[];
  /** Whether a path of type Prefix matches by its elements in the dialect `traefik` too. */
  readonly strictPrefixMatching: boolean;
}

/** What objects may name of Traefik's other providers. */
export interface ReferenceSettings {
  /** Whether a namespace of the first source may name its own resources. */
  readonly ownNamespace: boolean;
  /** Patterns of namespaces, and of what these may name, such as `shared-*@file`. */
  readonly rules: readonly { readonly namespaces: readonly string[]; readonly names: readonly string[] }[];
}

export interface IngressSettings {
  readonly controller: string;
  readonly adopt: readonly AdoptedController[];
  readonly unclassed: 'ignore' | 'take';
  /** `namespace`: only the namespace that was the first to route a host may route it. */
  readonly hostOwnership: 'shared' | 'namespace';
  /** Whose hosts are whose, whatever the age; see `OwnerRules`. No host is there twice. */
  readonly owners: readonly HostOwners[];
  readonly references: ReferenceSettings;
  readonly priorities: 'spec' | 'traefik';
}

export interface GatewaySettings {
  /** What GatewayClasses of Fairlead name as their controller. */
  readonly controller: string;
}

/** How a Service asks for pool ports, and under which key the answer is written back. */
export interface ExposeAnnotation {
  readonly key: string;
  /** Set: the Service asks when the annotation has exactly this value. Absent: the value is `true` or a list of ports. */
  readonly value?: string;
  /** The key of the answer, with `{port}` and perhaps `{protocol}` in it. */
  readonly allocated: string;
}

/** Which Services go where, as far as no annotation says it. */
export interface BackendRule {
  /** Names of namespaces, and patterns with `*` in them; empty: all. */
  readonly namespaces: readonly string[];
  /** The classes of the Ingresses that lead to them; empty: however they are reached. */
  readonly ingressClasses: readonly string[];
  readonly backends: BackendMode;
}

/** What some namespaces may write by hand. */
export interface ExternalRule {
  /** Names, and patterns with `*` in them; at least one. */
  readonly namespaces: readonly string[];
  /** Empty: no address. */
  readonly allowedCIDRs: readonly string[];
  /** Names, and `*.` with the end of names; empty: none. Null: as for all namespaces. */
  readonly names: readonly string[] | null;
}

export interface ServiceSettings {
  /** The configured annotation and Fairlead's own; one entry when they are the same. */
  readonly expose: readonly ExposeAnnotation[];
  readonly allowExternalName: boolean;
  readonly externalNames: {
    /** Names, and `*.` with the end of names; empty: all that are not always refused. */
    readonly allowed: readonly string[];
  };
  /** Which addresses of endpoints and Services are used; `first`: those of the family that stands first in the Service. */
  readonly ipFamily: 'any' | 'first' | 'ipv4' | 'ipv6';
  /** The DNS domain of the clusters, without a dot at either end. */
  readonly clusterDomain: string;
  /** Where the traffic of a Service goes that has a cluster IP, unless something narrower says it. */
  readonly backends: BackendMode;
  /** The first that fits a Service counts, before what its source says. */
  readonly backendRules: readonly BackendRule[];
  readonly externalEndpoints: {
    readonly allowedCIDRs: readonly string[];
    /** Namespaces that may name addresses or names by hand; empty: all. */
    readonly namespaces: readonly string[];
    /** The first that fits a namespace counts in place of all this. */
    readonly rules: readonly ExternalRule[];
  };
}

export interface CertificateSettings {
  readonly warnBeforeMs: number;
}

/** What one object may ask for. Of what is more, the first stand in the object's own order. */
export interface ObjectLimits {
  readonly hosts: number;
  readonly paths: number;
  /** Hosts times paths, of each fleet. */
  readonly routes: number;
  readonly ports: number;
  readonly endpoints: number;
  readonly middlewares: number;
  readonly certificates: number;
  /** Of its share of a fleet's document. */
  readonly bytes: number;
}

export interface LimitSettings {
  /** The most characters of one annotation; lists may have four times as many. */
  readonly annotation: number;
  readonly object: ObjectLimits;
  /** Routes of each fleet. */
  readonly namespace: { readonly routes: number };
  readonly fleet: { readonly routes: number };
}

export interface ProviderTls {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  /** Set: only clients with a certificate of this authority are answered. */
  readonly clientCA?: string;
  /** The files that they were read from, absolute. */
  readonly files: readonly string[];
}

export interface LogSettings {
  readonly level: LogLevel;
  /** `auto`: text on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'text' | 'json';
}

/** What is a loss of routes beyond reason, and what is done about it. */
export interface ShrinkGuardSettings {
  /** `hold`: what went is served for a while longer. `warn`: it is said. */
  readonly mode: 'hold' | 'off' | 'warn';
  /** More than this share of the routes that a source has in a fleet; below 1. */
  readonly share: number;
  /** Of fewer routes any loss is taken as it is. */
  readonly minimum: number;
  /** How long a loss is held back or said. */
  readonly forMs: number;
  /** The first that fits counts; without a source or fleet it is for all. */
  readonly rules: readonly {
    readonly source?: string | undefined;
    readonly fleet?: string | undefined;
    readonly mode?: 'hold' | 'off' | 'warn' | undefined;
    readonly share?: number | undefined;
    readonly forMs?: number | undefined;
  }[];
}

export interface ProviderSettings {
  readonly holdMs: number;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  /** Into how many parts each map of an answer is divided; 1: it is whole. */
  readonly shards: number;
  readonly tokens: readonly string[];
  readonly tls: ProviderTls | null;
  readonly shrinkGuard: ShrinkGuardSettings;
  /** Whether private keys are in answers without authentication: on a loopback listener, or never. */
  readonly keysWithoutToken: 'loopback' | 'never';
}

/** Whose objects are shown: all and what belongs to no namespace, or those of namespaces, with `*` for any characters. */
export type ShownNamespaces = 'all' | readonly string[];

export interface AdminUser {
  readonly name: string;
  /** A PHC string of scrypt, checked. */
  readonly passwordHash: string;
  readonly namespaces: ShownNamespaces;
  /** Where the hash was read from, absolute. */
  readonly file?: string;
}

export interface AdminToken {
  readonly token: string;
  readonly namespaces: ShownNamespaces;
  /** Where it was read from, absolute. */
  readonly file?: string;
}

/** Who may look at the page and its data; with neither users nor tokens this machine only. */
export interface AdminSettings {
  readonly users: readonly AdminUser[];
  readonly tokens: readonly AdminToken[];
}

export interface ListenSettings {
  readonly provider: ListenAddress;
  readonly admin: ListenAddress;
  /** Names, in lower case, under which listeners on loopback are asked besides those of loopback. */
  readonly hosts: readonly string[];
  /** Whether a proxy stands before the page: then requests with `Forwarded` or `X-Forwarded-*` are answered. */
  readonly trustForwarded: boolean;
}

/** Bounds of the checks that Fairlead makes itself. */
export interface HealthCheckSettings {
  /** 0: none are made. */
  readonly workers: number;
  readonly perNamespace: number;
  readonly total: number;
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Where the ledger is: on this machine's disk, or in the cluster of a source, where all replicas share it. */
export type LedgerPlace =
  { readonly file: string } | { readonly source: string; readonly configMap: ObjectName };

export type LedgerSettings = LedgerPlace & {
  /** Sources that are gone for good: what they hold cools down, and goes to others. */
  readonly retiredSources: readonly string[];
};

/** Everything that is configured: checked, with defaults filled in, units resolved, frozen. */
export interface Settings {
  readonly listen: ListenSettings;
  readonly sources: readonly SourceSettings[];
  /** At least one; the first is the default of Services that name none. */
  readonly fleets: readonly FleetSettings[];
  /** The first of two that have one number counts. */
  readonly imports: readonly ImportSettings[];
  readonly ingress: IngressSettings;
  readonly gateway: GatewaySettings;
  readonly services: ServiceSettings;
  readonly certificates: CertificateSettings;
  readonly limits: LimitSettings;
  readonly healthChecks: HealthCheckSettings;
  readonly admin: AdminSettings;
  readonly provider: ProviderSettings;
  readonly writeBack: { readonly announceAfterMs: number };
  readonly ledger: LedgerSettings;
  readonly log: LogSettings;
  readonly leaderElection: { readonly lease: ObjectName };
  /** Absolute path of the folder that keeps the last objects of each source; null: they are not kept. */
  readonly lastKnownGood: string | null;
}

/**
 * Whether answers may hold private keys: only where each request is authenticated, or where nobody
 * but this machine can ask.
 */
export function mayServePrivateKeys({ listen, provider }: Pick<Settings, 'listen' | 'provider'>): boolean {
  const isLocal = provider.keysWithoutToken === 'loopback' && isLoopback(listen.provider.host);
  return isLocal || isAuthenticated(provider);
}

/** Whether each request to the provider is authenticated, by a token or a certificate. */
export function isAuthenticated({ tokens, tls }: Pick<ProviderSettings, 'tokens' | 'tls'>): boolean {
  return tokens.length > 0 || tls?.clientCA !== undefined;
}
