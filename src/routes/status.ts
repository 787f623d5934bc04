import type { NamedRef } from '../model/gateway-specs.ts';
import type { ObjectKey } from '../model/object-ref.ts';
import type { ParentRef } from '../model/route-specs.ts';

/** One condition of a status, without what is filled in when it is written: the generation, and since when it holds. */
export interface Condition {
  readonly type: string;
  readonly status: 'False' | 'True' | 'Unknown';
  /** A word of the specification, such as `PortUnavailable`. */
  readonly reason: string;
  readonly message: string;
}

declare const listenerKey: unique symbol;
/** A listener of a Gateway or a ListenerSet as one string, for maps. Never shown to users. */
export type ListenerKey = string & { readonly [listenerKey]: true };

/** Takes the key of the object that has the listener. */
export function toListenerKey(parent: ObjectKey, listener: string): ListenerKey {
  // Neither part has a space in it.
  return `${parent} ${listener}` as ListenerKey;
}

/** The Gateway or ListenerSet that has a listener. */
export function toParentOf(listener: ListenerKey): ObjectKey {
  return listener.slice(0, listener.lastIndexOf(' ')) as ObjectKey;
}

/** A kind of route that a listener takes. */
export interface RouteKind {
  readonly group: string;
  readonly kind: string;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly RouteKind[];
  readonly conditions: readonly Condition[];
}

/** What the status of a route says of one of its parents. */
export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly conditions: readonly Condition[];
  /** The listeners that have accepted it. */
  readonly attached: readonly ListenerKey[];
}

/**
 * What the status of an object of the Gateway API is to say, as far as it follows from objects and settings. How many routes are attached,
 * the addresses, and what the ledger decides are added where it is planned (`write-back/plan`).
 */
export type StatusFacts =
  | { readonly of: 'GatewayClass'; readonly conditions: readonly Condition[] }
  | {
      readonly of: 'Gateway' | 'ListenerSet';
      readonly fleets: readonly string[];
      readonly conditions: readonly Condition[];
      readonly listeners: readonly ListenerStatus[];
      /** Of a Gateway: how many ListenerSets it has accepted. */
      readonly listenerSets?: number;
      /** Of a Gateway that names some: the addresses that it asks for, as `fleets[].addresses` has them. Absent: all. */
      readonly addresses?: readonly string[];
    }
  | { readonly of: 'Route'; readonly parents: readonly ParentStatus[] }
  | {
      readonly of: 'Policy';
      readonly ancestors: readonly {
        readonly ancestorRef: NamedRef;
        readonly conditions: readonly Condition[];
      }[];
    };

/** The type of the condition that says whether a pool port has been given: of listeners, and of parents of routes that ask themselves. */
export const portCondition = 'fairlead.dev/PortAllocated';

/** It is asked for; what the ledger says of it is filled in when the status is planned. */
export const pendingPort: Condition = {
  type: portCondition,
  status: 'False',
  reason: 'Pending',
  message: 'No port has been given yet.',
};
