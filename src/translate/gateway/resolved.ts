import type { AllowedNamespaces, Listener } from '../../model/gateway-specs.ts';
import type { Aged, ObjectRef } from '../../model/object-ref.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { RoutePlace, RouteTls } from '../../routes/intent.ts';
import type { HostMatch } from '../../routes/match.ts';
import type { ListenerKey, RouteKind } from '../../routes/status.ts';

/** Why not, in a word of the specification and in a sentence. */
export interface Refusal {
  readonly reason: string;
  /** What is to be mended; absent: the listener, or the object as a whole. */
  readonly field?: string;
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
      /** Set: it says 404 to what nobody routes there, so that Traefik can tell on which connection that comes. */
      readonly answersRest?: true;
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
  /** The Secrets with its certificates that can be used. */
  readonly certificates: readonly NamedSecret[];
  /** Among the listeners of its Gateway and the ListenerSets of that, on its port. */
  readonly nesting: {
    /** The texts (`toHostText`) of the hosts of others that lie inside its own. */
    readonly narrower: readonly string[];
    /** Set: its own host lies inside that of another one, whose routes then do not answer for it. */
    readonly isInside?: true;
  };
  /** Absent where the condition is as it should be. `programmed` is set exactly when it is not served. */
  readonly refusals: {
    readonly accepted?: Refusal;
    readonly conflicted?: Refusal;
    readonly resolvedRefs?: Refusal;
    readonly programmed?: Refusal;
  };
}

/** A Secret with a certificate, and what names it. */
export interface NamedSecret {
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
}

/** A Gateway or a ListenerSet as routes see it. */
export interface ResolvedParent {
  /** What holds its pool ports, and answers for its hosts. */
  readonly holder: Aged;
  /** The Gateway itself; of a ListenerSet the one that it belongs to. */
  readonly gateway: ObjectRef;
  readonly fleets: readonly string[];
  /** Why it is not accepted as a whole, whatever its listeners are: then nothing is served. */
  readonly refusal?: Refusal;
  /** Why it is not programmed: an address that it asks for is none of its fleets. */
  readonly programmed?: Refusal;
  /** Why what it names besides its listeners cannot be had. */
  readonly resolvedRefs?: Refusal;
  /** The addresses that it asks for and gets. Absent: all of its fleets. */
  readonly addresses?: readonly string[];
  /** Set: clients that ought to show a certificate are let in without a valid one as well. */
  readonly hasInsecureFrontend?: true;
  readonly listeners: readonly ResolvedListener[];
  /** The Secret with the certificate that Traefik shows to backends over TLS (`spec.tls.backend` of the Gateway). */
  readonly clientCertificate?: NamedSecret;
  /** Routes of which namespaces may ask for ports of their own, without a listener. Absent: none. */
  readonly allocatesFor?: AllowedNamespaces;
}
