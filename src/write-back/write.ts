import type { ObjectRef } from '../model/object-ref.ts';
import type { IngressAddress } from '../model/objects.ts';

/** What is to be changed on one object. Nothing else of the object is touched. */
export type Write = AnnotationsWrite | GatewayStatusWrite | StatusWrite;

/** Of each kind there is at most one write of an object at a time. */
export const writeKinds = [
  'annotations',
  'gateway-status',
  'status',
] as const satisfies readonly Write['kind'][];

interface WriteBase {
  readonly ref: ObjectRef;
  /** The object that is meant, and not another one that got its name. */
  readonly uid?: string;
}

export interface AnnotationsWrite extends WriteBase {
  readonly kind: 'annotations';
  /** By key; null removes the annotation. */
  readonly annotations: Readonly<Record<string, string | null>>;
}

export interface StatusWrite extends WriteBase {
  readonly kind: 'status';
  /** The whole of `status.loadBalancer.ingress`. */
  readonly addresses: readonly IngressAddress[];
}

/** Parts of the status of an object of the Gateway API. */
export interface GatewayStatusWrite extends WriteBase {
  readonly kind: 'gateway-status';
  /**
   * Each part takes the place of the whole that stands there; null removes it. A condition without `lastTransitionTime` has begun to hold:
   * the time is filled in when it is written.
   */
  readonly status: Readonly<Record<string, unknown>>;
  /**
   * The `metadata.resourceVersion` that it was planned on. In lists that it shares with other controllers, what they have written since
   * must not be lost.
   */
  readonly base?: string;
}

/** An Ingress as far as its status is concerned. */
export interface IngressStatus {
  readonly ref: ObjectRef;
  readonly uid?: string;
  /** `status.loadBalancer.ingress` as it stands. */
  readonly addresses: readonly IngressAddress[];
  /** The fleets that serve it; empty when Fairlead does not own it. */
  readonly fleets: readonly string[];
  /** A fleet has served it, and its status may still say so. */
  readonly wasServed?: boolean;
}
