import { AccessError } from './access-error.ts';
import { KubeError, toNetworkError } from './kube-error.ts';
import type { KindDefinition } from '../kinds/kind.ts';

/** What a failure means for the reflector. */
export interface Failure {
  /** How long to wait: by the growing back-off, long, or as long as the server says. */
  readonly wait: 'not' | 'back-off' | 'long' | { readonly ms: number };
  /** Set: what is known can no longer be trusted to lead to the present. */
  readonly relist?: true;
  /** Set: it may not be read, or is not served. */
  readonly denied?: true;
  /** One sentence for the user. Empty for what is part of normal operation. */
  readonly detail: string;
  /** How to mend it. */
  readonly hint: string;
  /** It says nothing about this kind: it is the same for all kinds of the source. */
  readonly common?: boolean;
}

/** The listener threw while it took over changes: it does not have them. */
export class HandlerFault extends Error {
  override readonly name = 'HandlerFault';
}

/** What was being done when it failed. */
export interface Attempt {
  readonly verb: 'list' | 'watch';
  readonly kind: KindDefinition;
  /** Empty for all namespaces. */
  readonly namespace: string;
}

const network = 'Check that the API server can be reached and answers.';

/** Decides what to do about whatever was thrown. */
export function toFailure(error: unknown, attempt: Attempt): Failure {
  if (error instanceof HandlerFault) {
    const hint = 'Please report this as a defect of Fairlead.';
    return { wait: 'back-off', relist: true, detail: error.message, hint };
  }
  if (error instanceof SyntaxError || error instanceof RangeError) {
    return {
      wait: 'back-off',
      relist: true,
      detail: `The watch was damaged: ${error.message}.`,
      hint: network,
    };
  }
  if (error instanceof AccessError) {
    const [detail, hint] = [toSentence(error.message), toSentence(error.hint)];
    return { wait: 'back-off', detail, hint, common: true };
  }
  return toServerFailure(toNetworkError(error), attempt);
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`;
}

function toServerFailure(error: KubeError, attempt: Attempt): Failure {
  const { status, retryAfterMs } = error;
  const failed = `Cannot ${attempt.verb} ${toWhat(attempt)}: ${error.message}`;
  const server = error.server === undefined ? 'The API server' : `The API server ${error.server}`;
  // It says nothing about this kind: the others are not answered either.
  if (status === 0) {
    const detail = toSentence(`${server} does not answer: ${error.message}`);
    return { wait: 'back-off', detail, hint: network, common: true };
  }
  const isGone = status === 410 || (status === 404 && attempt.kind.cluster?.optional === true);
  if (isGone) return { wait: 'not', relist: true, detail: '', hint: '' };
  if (status === 403) return { wait: 'long', denied: true, detail: toLack(attempt), hint: toGrant(attempt) };
  if (status === 404) {
    const hint = 'Upgrade the cluster to Kubernetes 1.21 or later.';
    return {
      wait: 'long',
      denied: true,
      detail: `The API server does not serve ${toWhat(attempt)}.`,
      hint,
    };
  }
  if (status === 401) {
    const hint = 'Check the token or certificate that the kubeconfig or service account names.';
    const detail = toSentence(`${server} refuses the credentials: ${error.message}`);
    return { wait: 'back-off', detail, hint, common: true };
  }
  if (retryAfterMs !== undefined && (status === 429 || status === 503)) {
    return { wait: { ms: retryAfterMs }, detail: failed, hint: network };
  }
  // A version from before a cluster was restored from a backup: no waiting will make it valid.
  const relist = status === 400 || /too large resource version/i.test(error.message);
  return {
    wait: 'back-off',
    ...(relist && { relist }),
    detail: failed,
    hint: network,
  };
}

function toLack(attempt: Attempt): string {
  return `The role lacks the verb ${attempt.verb} on ${toWhat(attempt)}.`;
}

function toGrant({ kind, namespace }: Attempt): string {
  const group = kind.group === '' ? 'the core API group' : `the API group ${kind.group}`;
  const role = namespace === '' ? 'a ClusterRole' : `a Role in the namespace ${namespace}`;
  return `Grant list and watch on ${kind.plural} of ${group} by ${role}.`;
}

function toWhat({ kind, namespace }: Attempt): string {
  const full = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
  if (!kind.namespaced) return full;
  return namespace === '' ? `${full} in all namespaces` : `${full} in the namespace ${namespace}`;
}
