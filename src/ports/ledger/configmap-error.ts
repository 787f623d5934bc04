import { KubeError } from '../../kubernetes/kube-error.ts';
import { LedgerUnavailableError } from './ledger.ts';

/** What was tried: the ledger there could not be `read` or `written`. */
export interface LedgerAttempt {
  readonly location: string;
  readonly namespace: string;
  readonly participle: string;
}

/** What a server says, in words that say how to mend it; other errors as they are. */
export function toLedgerError(error: unknown, { location, namespace, participle }: LedgerAttempt): unknown {
  if (!(error instanceof KubeError)) return error;
  const message = `${location}: the port ledger cannot be ${participle}: ${toReason(error, namespace)}.`;
  return new LedgerUnavailableError(message, { cause: error });
}

/** Whether the server may have done what it was asked for. */
export function mayHaveHappened({ status }: KubeError): boolean {
  return status === 0 || status >= 500;
}

function toReason({ status, message }: KubeError, namespace: string): string {
  if (status === 403)
    return `the role lacks a right: grant get, list, watch, create, update, patch and delete on configmaps by a Role in the namespace ${namespace}`;
  if (status === 404) return `the namespace ${namespace} does not exist: create it`;
  return message.replace(/\.$/, '');
}
