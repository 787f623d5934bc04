import type { AllowedNamespaces, Listener } from '../../model/gateway-specs.ts';
import type { Aged, ObjectRef } from '../../model/object-ref.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { RoutePlace, RouteTls } from '../../routes/intent.ts';
import type { HostMatch } from '../../routes/match.ts';
import type { ListenerKey, RouteKind } from '../../routes/status.ts';

/** Why not, in a word of the specification and in a sentence. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

/** Where a listener is served on one fleet. */
export type Binding = { readonly fleet: string } & (
  | {
      /** HTTP requests, in the clear or over TLS that Traefik ends. */
      readonly kind: 'http';
      readonly place: RoutePlace;
      /** Set when the place is for TLS. */
      readonly tls?: RouteTls;
    }
  | {
      /** TLS connections, told apart by SNI, on an entryPoint that is shared. */
      readonly kind: 'sni';
      readonly entryPoint: string;
    }
  | {
      /** All connections or datagrams of a pool port, which the ledger gives to the listener; with `sni` told apart by SNI. */
      readonly kind: 'port';
      readonly protocol: PoolProtocol;
      readonly sni?: true;
    }
);

/** A listener with all that follows from its own object, its Gateway and what these name. */
export interface ResolvedListener {
  readonly key: ListenerKey;
  readonly listener: Listener;
  /** A wildcard stands for one label or more. */
  readonly host: HostMatch;
  /** One for each fleet; none where it is not served, and then routes can still be attached to it. */
  readonly bindings: readonly Binding[];
  readonly supportedKinds: readonly RouteKind[];
  /** Absent where the condition is as it should be. */
  readonly refusals: {
    readonly accepted?: Refusal;
    readonly conflicted?: Refusal;
    readonly resolvedRefs?: Refusal;
    readonly programmed?: Refusal;
  };
}

/** A Gateway or a ListenerSet as routes see it. */
export interface ResolvedParent {
  /** What holds its pool ports, and answers for its hosts. */
  readonly holder: Aged;
  /** The Gateway itself; of a ListenerSet the one that it belongs to. */
  readonly gateway: ObjectRef;
  readonly fleets: readonly string[];
  /** Why it is not accepted as a whole: then nothing is served. */
  readonly refusal?: Refusal;
  readonly listeners: readonly ResolvedListener[];
  /** The Secret with the certificate that Traefik shows to backends over TLS (`spec.tls.backend` of the Gateway). */
  readonly clientCertificate?: { readonly namespace: string; readonly name: string };
  /** Routes of which namespaces may ask for ports of their own, without a listener. Absent: none. */
  readonly allocatesFor?: AllowedNamespaces;
}
