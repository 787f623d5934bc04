import type { ObjectRef } from '../model/object-ref.ts';
import type { IngressAddress } from '../model/objects.ts';

/** What is to be changed on one object. Nothing else of the object is touched. */
export type Write = AnnotationsWrite | StatusWrite;

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
