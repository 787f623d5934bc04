import { fieldManager } from '../model/field-manager.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { isNotFound, KubeError } from '../kubernetes/kube-error.ts';
import { kinds } from '../kinds/index.ts';
import { isObject } from '../lib/raw-object.ts';
import { isLackOfRight, type Right } from './missing-rights.ts';
import { stampTransitions } from './stamp-transitions.ts';
import type { Write } from './write.ts';

/** The account lacks a right that a write needs. */
export class MissingRightError extends Error {
  override readonly name = 'MissingRightError';
  readonly right: Right;

  constructor(right: Right, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.right = right;
  }
}

/** Somebody has changed the object since the write was planned. */
export class StaleWriteError extends Error {
  override readonly name = 'StaleWriteError';

  constructor(cause: KubeError) {
    super(cause.message, { cause });
  }
}

/** The right that every such write needs. */
export function toPatchRight(write: Write): Right {
  const { group, resource } = toGetRight(write);
  return { verb: 'patch', group, resource: write.kind === 'annotations' ? resource : `${resource}/status` };
}

function toGetRight({ ref: { kind } }: Write): Right {
  const { group, plural } = kinds[kind];
  return { verb: 'get', group, resource: plural };
}

async function using<T>(right: Right, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw isLackOfRight(error) ? new MissingRightError(right, error) : error;
  }
}

/** `gone`: the object that was meant does not exist any more. `not-leader`: nothing was sent. */
export type ApplyResult = 'done' | 'gone' | 'not-leader';

/** `conflicted` is called where somebody else has written first. */
export interface ApplyHooks {
  readonly isLeader: () => boolean;
  readonly conflicted: () => void;
}

const timeoutMs = 15_000;

/**
 * Carries out one write as a merge patch of nothing but what it is about. Not by server-side apply: that removes only what the
 * same manager has set before, and the annotations that Fairlead has to remove may come from users, or from the controller
 * that answered the same annotations before. What others apply, by whatever means, does not name these fields and so leaves them.
 * @throws MissingRightError when the account may not do it, and KubeError when it may succeed later.
 */
export async function applyWrite(
  client: KubeClient,
  write: Write,
  { isLeader, conflicted }: ApplyHooks,
): Promise<ApplyResult> {
  const patch = (): Promise<unknown> =>
    using(toPatchRight(write), () =>
      client.patch(toPath(client, write), toPatch(write), { timeoutMs, query: { fieldManager } }),
    );
  try {
    if (!isLeader()) return 'not-leader';
    await patch();
    return 'done';
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.status === 404) return 'gone';
    // A conflict; 422 is the answer to a `uid` that is not the present one.
    if (error.status !== 409 && error.status !== 422) throw error;
    if (error.status === 409) conflicted();
    if (!(await isThere(client, write))) return 'gone';
    if (error.status === 422) throw error;
    // What was planned on an older version is planned once more, as soon as the new one is seen.
    if (write.kind === 'gateway-status' && write.base !== undefined) throw new StaleWriteError(error);
    if (!isLeader()) return 'not-leader';
    await patch();
    return 'done';
  }
}

async function isThere(client: KubeClient, write: Write): Promise<boolean> {
  try {
    const { metadata } = await using(toGetRight(write), () =>
      client.getJson(toObjectPath(client, write), { timeoutMs }),
    );
    return write.uid === undefined || !isObject(metadata) || metadata['uid'] === write.uid;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function toPath(client: KubeClient, write: Write): string {
  const path = toObjectPath(client, write);
  return write.kind === 'annotations' ? path : `${path}/status`;
}

/** In the version in which the object was read. */
function toObjectPath({ discovery }: KubeClient, { ref: { kind, namespace, name } }: Write): string {
  return `${discovery.collectionOf(kinds[kind], namespace)}/${name}`;
}

function toPatch(write: Write): object {
  const uid = write.uid === undefined ? {} : { uid: write.uid };
  switch (write.kind) {
    case 'annotations':
      return { metadata: { ...uid, annotations: write.annotations } };
    case 'status':
      return {
        metadata: uid,
        status: { loadBalancer: { ingress: write.addresses.length === 0 ? null : write.addresses } },
      };
    case 'gateway-status':
      return {
        metadata: { ...uid, ...(write.base !== undefined && { resourceVersion: write.base }) },
        status: stampTransitions(write.status, new Date()),
      };
  }
}
