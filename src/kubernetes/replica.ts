import type { ObjectRef } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import { toFlatText } from '../lib/flat-text.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import type { KindDefinition } from '../kinds/kind.ts';
import { toNarrowedAs, type Narrowed } from '../kinds/narrow.ts';
import type { WatchEvent } from './watch-event.ts';

/** What is remembered of an object: enough to tell that it changed, and to say that it is gone. */
interface Known {
  readonly uid: string;
  readonly version: string;
  /** What was delivered of it; undefined while it is too malformed to serve. */
  readonly ref: ObjectRef | undefined;
  readonly problems: readonly Problem[];
}

/** A step from what was delivered to what is there now. Nothing is remembered of it before `commit`. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Called once the changes have been taken over. */
  readonly commit: () => void;
}

/** A list that comes in pages. */
export interface Replacement {
  add(items: readonly unknown[]): void;
  /** The difference to what was there before, with what has vanished last. */
  finish(): Plan;
}

/**
 * What one reflector has delivered. It keeps no objects, only their versions, which it compares for equality and
 * nothing else: to everybody but the API server they are opaque.
 */
export class Replica {
  readonly #kind: KindDefinition;
  readonly #source: string;
  #known = new Map<string, Known>();
  #revision = 0;

  constructor(kind: KindDefinition, source: string) {
    this.#kind = kind;
    this.#source = source;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Another number after each step that may have changed the problems. */
  get revision(): number {
    return this.#revision;
  }

  *problems(): IterableIterator<Problem> {
    for (const { problems } of this.#known.values()) yield* problems;
  }

  /** What a list changes. */
  replace(): Replacement {
    const next = new Map<string, Known>();
    const sets: Change[] = [];
    return {
      add: (items) => {
        for (const item of items) {
          if (!isObject(item)) continue;
          const key = toKey(toIdentity(item));
          next.set(key, this.#take(item, this.#known.get(key), sets));
        }
      },
      finish: () => ({
        changes: [...sets, ...this.#toDeletes(next)],
        commit: () => {
          this.#revise(this.#known.values());
          this.#revise(next.values());
          this.#known = next;
        },
      }),
    };
  }

  /** What events of a watch change, in their order. */
  follow(events: readonly WatchEvent[]): Plan {
    const touched = new Map<string, Known | undefined>();
    const changes: Change[] = [];
    for (const event of events) {
      if (event.kind !== 'set' && event.kind !== 'delete') continue;
      const key = toKey(toIdentity(event.raw));
      const former = touched.has(key) ? touched.get(key) : this.#known.get(key);
      if (event.kind === 'set') touched.set(key, this.#take(event.raw, former, changes));
      else {
        if (former?.ref !== undefined) changes.push({ kind: 'delete', ref: former.ref });
        touched.set(key, undefined);
      }
    }
    return { changes, commit: () => this.#remember(touched) };
  }

  /**
   * Says that a listener failed over these changes, and may have taken over some of them. What it may have is remembered
   * under no version: the next list delivers it again, or deletes it when it has vanished meanwhile.
   */
  doubt(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'delete') continue;
      const { ref, uid = '' } = change.object.meta;
      const problems = this.#known.get(toKey(ref))?.problems ?? noProblems;
      this.#known.set(toKey(ref), { uid, version: '', ref, problems });
    }
  }

  #take(raw: RawObject, former: Known | undefined, changes: Change[]): Known {
    const { uid, version } = toIdentity(raw);
    if (former !== undefined && former.uid === uid && former.version === version) return former;
    let ref = former?.ref;
    if (former !== undefined && former.uid !== uid && ref !== undefined) {
      // Deleted and made again while nobody looked: not the same object, whatever its name is.
      changes.push({ kind: 'delete', ref });
      ref = undefined;
    }
    const problems: Problem[] = [];
    const narrowed = this.#narrow(raw, (problem) => problems.push(problem));
    if (narrowed.kind === 'read') {
      changes.push({ kind: 'set', object: narrowed.object });
      ({ ref } = narrowed.object.meta);
    }
    return { uid, version, ref, problems: problems.length === 0 ? noProblems : problems };
  }

  #narrow(raw: RawObject, report: (problem: Problem) => void): Narrowed {
    try {
      return toNarrowedAs(this.#kind, raw, this.#source, report);
    } catch (error) {
      // The readers never throw, so this is a defect of ours, which must cost this object only.
      const { kind } = this.#kind;
      const { namespace, name } = toIdentity(raw);
      const ref = { source: this.#source, kind, namespace, name };
      const message = `The object could not be read: ${String(error)}`;
      const hint = 'Please report this as a defect of Fairlead.';
      report(toProblem('internal-error', ref, { message, hint }));
      return { kind: 'refused', ref };
    }
  }

  *#toDeletes(next: ReadonlyMap<string, Known>): IterableIterator<Change> {
    for (const [key, { ref }] of this.#known) {
      if (ref !== undefined && !next.has(key)) yield { kind: 'delete', ref };
    }
  }

  #revise(concerned: Iterable<Known | undefined>): void {
    for (const known of concerned) {
      if (known === undefined || known.problems.length === 0) continue;
      this.#revision += 1;
      return;
    }
  }

  #remember(touched: ReadonlyMap<string, Known | undefined>): void {
    this.#revise([...touched.keys()].map((key) => this.#known.get(key)));
    this.#revise(touched.values());
    for (const [key, known] of touched) {
      if (known === undefined) this.#known.delete(key);
      else this.#known.set(key, known);
    }
  }
}

const noProblems: readonly Problem[] = [];

function toIdentity(raw: RawObject) {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    namespace: toText(namespace),
    name: toText(name),
    uid: toText(uid),
    version: toText(resourceVersion),
  };
}

function toKey({ namespace, name }: Pick<ObjectRef, 'name' | 'namespace'>): string {
  return toFlatText(namespace, '/', name);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
