import { toObjectKey, toObjectPath, type ObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import type { ShrinkRow } from '../../model/shrink.ts';
import type { Change } from '../../model/snapshot.ts';
import { isSmall, judgeLoss, type Loss, type Verdict } from './judge-loss.ts';
import type { ShrinkPolicy } from './policy.ts';

export type Deletion = Extract<Change, { readonly kind: 'delete' }>;

/** What a guard asks about the routes that are served. */
export interface ServedRoutes {
  /** How many routes of each fleet an object has. */
  of(ref: ObjectRef): ReadonlyMap<string, number>;
  /** How many all objects of a source have. */
  ofSource(source: string): ReadonlyMap<string, number>;
}

export interface SourceGuardOptions {
  readonly source: string;
  readonly policyOf: (fleet: string) => ShrinkPolicy;
  readonly served: ServedRoutes;
}

/** A loss that stands: of mode `warn` nothing is held. */
interface Standing {
  readonly row: ShrinkRow;
  readonly verdicts: readonly Verdict[];
  /** How many routes of each fleet went before it was seen. */
  readonly passed: ReadonlyMap<string, number>;
  readonly until: number;
  /** Until when what is deleted in the same namespaces belongs to it. */
  readonly joinUntil: number;
  readonly namespaces: ReadonlySet<string>;
  readonly deletions: Map<ObjectKey, Deletion>;
}

/** On the clock that does not jump, and on that of people. */
interface Moment {
  readonly now: number;
  readonly date: number;
}

/** What is deleted within so long of one another is one loss: what a user deletes one by one takes longer. */
export const windowMs = 10_000;

/** The guard of one source. */
export class SourceGuard {
  readonly #options: SourceGuardOptions;
  #standing: readonly Standing[] = [];
  /** What was let through lately. */
  #recent: readonly (Loss & { readonly at: number })[] = [];

  constructor(options: SourceGuardOptions) {
    this.#options = options;
  }

  get rows(): readonly ShrinkRow[] {
    return this.#standing.map(({ row }) => row);
  }

  /** When the first of what stands comes to its end, on the clock of `pass`; undefined when nothing does. */
  get endsAt(): number | undefined {
    return this.#standing.length === 0 ? undefined : Math.min(...this.#standing.map(({ until }) => until));
  }

  /** Lets go of all that stands; `pass` then delivers it. Returns whether there was something. */
  confirm(): boolean {
    const had = this.#standing.length > 0;
    this.#standing = this.#standing.map((each) => ({ ...each, until: -Infinity }));
    return had;
  }

  /**
   * What of these changes is to be served now, together with what was held back for long enough.
   * @param now Milliseconds of a clock that does not jump: with one that is set by an hour all would be let through at once, or nothing.
   * @param date Milliseconds since 1970, for people.
   */
  pass(changes: readonly Change[], now: number, date: number = now): readonly Change[] {
    this.#recent = this.#recent.filter(({ at }) => now - at < windowMs);
    // Without a deletion there is nothing to judge, and mostly nothing stands.
    if (this.#standing.length === 0 && changes.every(({ kind }) => kind === 'set')) return changes;
    const { deletions, sets } = divide(changes);
    for (const { deletions: held } of this.#standing) for (const key of sets.keys()) held.delete(key);
    const free = this.#join(deletions, now);
    const held = this.#judge(free, { now, date });
    const passed = free.filter((deletion) => !held.has(deletion));
    return [...sets.values(), ...passed, ...this.#release(now)];
  }

  /** Adds to what is held what went with it; returns the others. */
  #join(deletions: readonly Deletion[], now: number): readonly Deletion[] {
    return deletions.filter((deletion) => {
      const { ref } = deletion;
      const held = this.#standing.find(
        ({ row, joinUntil, namespaces }) =>
          row.mode === 'hold' && now < joinUntil && namespaces.has(ref.namespace),
      );
      held?.deletions.set(toObjectKey(ref), deletion);
      return held === undefined;
    });
  }

  /** Returns what is held from now on. */
  #judge(deletions: readonly Deletion[], moment: Moment): ReadonlySet<Deletion> {
    const losses = this.#toLosses(deletions);
    const all = [...this.#recent, ...losses];
    const { policyOf } = this.#options;
    const verdicts = isSmall(all, policyOf) ? [] : judgeLoss(all, this.#countKnown(), policyOf);
    const held = new Set<Deletion>();
    for (const mode of ['hold', 'warn'] as const) {
      const found = verdicts.filter(({ policy }) => policy.mode === mode);
      const namespaces = new Set(found.flatMap((verdict) => [...verdict.namespaces]));
      const own = deletions.filter(({ ref }) => namespaces.has(ref.namespace));
      if (own.length === 0) continue;
      if (mode === 'hold') for (const deletion of own) held.add(deletion);
      this.#stand(mode, { found, namespaces, own }, moment);
    }
    // What has been judged is not judged again with the next one that goes.
    const passed = this.#toLosses(deletions.filter((deletion) => !held.has(deletion)));
    this.#recent =
      verdicts.length > 0 ? [] : [...this.#recent, ...passed.map((loss) => ({ ...loss, at: moment.now }))];
    return held;
  }

  /** How many routes of each fleet there were before anything of this went. Costs a look at each object of the source. */
  #countKnown(): ReadonlyMap<string, number> {
    const known = new Map(this.#options.served.ofSource(this.#options.source));
    for (const { fleet, routes } of this.#recent) known.set(fleet, (known.get(fleet) ?? 0) + routes);
    return known;
  }

  #stand(
    mode: 'hold' | 'warn',
    loss: {
      readonly found: readonly Verdict[];
      readonly namespaces: ReadonlySet<string>;
      readonly own: readonly Deletion[];
    },
    { now, date }: Moment,
  ): void {
    const { found: verdicts, namespaces, own } = loss;
    const forMs = Math.max(...verdicts.map(({ policy }) => policy.forMs));
    const until = now + forMs;
    const example = own.find(({ ref }) => this.#options.served.of(ref).size > 0) ?? own[0];
    const row: ShrinkRow = {
      source: this.#options.source,
      mode,
      since: new Date(date).toISOString(),
      until: new Date(date + forMs).toISOString(),
      fleets: verdicts.map(({ fleet, lost, known }) => ({ fleet, lost, known })),
      namespaces: namespaces.size,
      example: example === undefined ? '' : toObjectPath(example.ref),
    };
    const deletions = new Map(
      mode === 'hold' ? own.map((deletion) => [toObjectKey(deletion.ref), deletion]) : [],
    );
    const joinUntil = now + windowMs;
    const losses = this.#toLosses(own);
    const passed = new Map(verdicts.map(({ fleet, lost }) => [fleet, lost - countLost(losses, fleet)]));
    // A warning takes the place of the former one: one that goes wrong all the time must not fill the list.
    const others = this.#standing.filter((each) => mode === 'hold' || each.row.mode === 'hold');
    this.#standing = [...others, { row, verdicts, passed, until, joinUntil, namespaces, deletions }];
  }

  /** What is held no longer, since its time is up or enough of it is back. */
  #release(now: number): readonly Deletion[] {
    const ended = this.#standing.filter((each) => each.until <= now || this.#isBack(each));
    this.#standing = this.#standing.filter((each) => !ended.includes(each));
    return ended.flatMap(({ deletions }) => [...deletions.values()]);
  }

  #isBack({ row, verdicts, passed, deletions }: Standing): boolean {
    if (row.mode === 'warn') return false;
    const losses = this.#toLosses([...deletions.values()]);
    return verdicts.every(({ fleet, known, policy }) => {
      const lost = (passed.get(fleet) ?? 0) + countLost(losses, fleet);
      return lost <= policy.share * known;
    });
  }

  #toLosses(deletions: readonly Deletion[]): readonly Loss[] {
    return deletions.flatMap(({ ref }) =>
      [...this.#options.served.of(ref)].map(([fleet, routes]) => ({
        fleet,
        namespace: ref.namespace,
        routes,
      })),
    );
  }
}

function countLost(losses: readonly Loss[], fleet: string): number {
  return losses.reduce((sum, loss) => sum + (loss.fleet === fleet ? loss.routes : 0), 0);
}

/** The last change of each object. */
function divide(changes: readonly Change[]): {
  readonly deletions: readonly Deletion[];
  readonly sets: ReadonlyMap<ObjectKey, Change>;
} {
  const deletions = new Map<ObjectKey, Deletion>();
  const sets = new Map<ObjectKey, Change>();
  for (const change of changes) {
    const key = toObjectKey(change.kind === 'set' ? change.object.meta.ref : change.ref);
    sets.delete(key);
    deletions.delete(key);
    if (change.kind === 'set') sets.set(key, change);
    else deletions.set(key, change);
  }
  return { deletions: [...deletions.values()], sets };
}
