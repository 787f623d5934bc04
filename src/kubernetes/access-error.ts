import { KubeError } from './kube-error.ts';

/**
 * No request can be sent, because it is not known where the API server is or what to authenticate with. Every kind of a source
 * fails alike then.
 */
export class AccessError extends KubeError {
  /** How to mend it, without a full stop, as the message. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(0, 'Access', message);
    this.hint = hint;
  }
}

/** What is configured for a cluster cannot work, whatever the cluster does. */
export class KubeConfigError extends AccessError {
  /** Which field of the source's `kubernetes` is to be looked at. */
  readonly field: 'context' | 'kubeconfig';

  constructor(field: KubeConfigError['field'], message: string, hint: string) {
    super(message, hint);
    this.field = field;
  }
}
