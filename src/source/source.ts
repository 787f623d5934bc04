import type { ObjectRef } from '../model/object-ref.ts';
import type { FileLocation, Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import type { UnreadKinds } from '../model/unread-kinds.ts';

/** How a source stands. `synced` is about the objects that it has delivered, not about its connection. */
export type SourceState =
  /** Nothing is known yet: what it has delivered so far is not the whole. */
  | { readonly kind: 'starting'; readonly detail: string }
  /** All that there is has been delivered, and changes follow. Of `unread` kinds nothing is known. */
  | { readonly kind: 'synced'; readonly unread?: UnreadKinds }
  /** It cannot be read now. What it delivered before goes on being served. */
  | {
      readonly kind: 'stale';
      readonly since: string;
      readonly detail: string;
      /** Set while what is served comes from a file of `lastKnownGood`: when that was written, RFC 3339. */
      readonly kept?: string;
      readonly unread?: UnreadKinds;
    };

export interface SourceListener {
  /** Changes that belong together, in order. The first call that leads to `synced` may hold thousands. */
  changed(changes: readonly Change[]): void;
  /** The whole list of problems that the source itself sees (broken files, duplicates, malformed objects) has become this one. */
  problems(problems: readonly Problem[]): void;
  state(state: SourceState): void;
}

/** Where Kubernetes objects come from: a folder of manifests or a cluster. */
export interface Source {
  readonly name: string;
  /** Starts to deliver. Never throws and never rejects: what goes wrong becomes a state or a problem. */
  start(listener: SourceListener): void;
  /** Ends all work. After it resolves the listener is not called any more. */
  stop(): Promise<void>;
  /** Where an object, or a field of it, stands in a file; undefined where there are no files. */
  locate(ref: ObjectRef, field: string): Promise<FileLocation | undefined>;
}
