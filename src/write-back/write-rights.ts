import type { ObjectRef } from '../model/object-ref.ts';
import { toPatchRight } from './apply.ts';
import { toRightKey, type MissingRights, type Right } from './missing-rights.ts';
import type { Write } from './write.ts';

/** A write that has not been made, and the right that it was seen to lack. */
export interface PendingWrite {
  readonly write: Write;
  readonly lack: Right | undefined;
}

/** The rights that writes need, in all sources. */
export class WriteRights {
  readonly #bySource: ReadonlyMap<string, MissingRights>;

  constructor(bySource: ReadonlyMap<string, MissingRights>) {
    this.#bySource = bySource;
  }

  onRestored(restored: () => void): void {
    for (const rights of this.#bySource.values()) rights.onRestored(restored);
  }

  /** Asked right before a write is sent: for how long it is not worth it, and for lack of what. */
  wait({ write, lack }: PendingWrite, now: number): { readonly ms: number; readonly right: Right } {
    const right = lack ?? toPatchRight(write);
    const { source, namespace } = write.ref;
    const rights = this.#bySource.get(source);
    const ms = rights?.waitMs(right, namespace, now) ?? 0;
    if (ms === 0) rights?.trying(right, namespace, now);
    return { ms, right };
  }

  refused({ ref }: Write, right: Right, now: number): void {
    this.#bySource.get(ref.source)?.refused(right, ref.namespace, now);
  }

  worked({ write, lack }: PendingWrite, now: number): void {
    const { source, namespace } = write.ref;
    const rights = this.#bySource.get(source);
    rights?.worked(toPatchRight(write), namespace, now);
    if (lack !== undefined) rights?.worked(lack, namespace, now);
  }

  /** These are all the writes that there are: what none of them needs is no problem. */
  keep(pending: () => Iterable<PendingWrite>): void {
    const lacking = [...this.#bySource].filter(([, rights]) => !rights.isEmpty);
    if (lacking.length === 0) return;
    const needed = new Set<string>();
    for (const { write, lack } of pending()) needed.add(toPlace(write.ref, lack ?? toPatchRight(write)));
    for (const [source, rights] of lacking) {
      rights.keep(
        (right, namespace) =>
          right.resource === 'events' || needed.has(toPlace({ source, namespace }, right)),
      );
    }
  }
}

function toPlace({ source, namespace }: Pick<ObjectRef, 'namespace' | 'source'>, right: Right): string {
  return `${source}|${namespace}|${toRightKey(right)}`;
}
