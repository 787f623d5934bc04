import type { ObjectRef } from '../model/object-ref.ts';

/** One entry of `status.loadBalancer.ingress`; exactly one of the two is set. */
export interface IngressAddress {
  readonly ip?: string;
  readonly hostname?: string;
}

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
