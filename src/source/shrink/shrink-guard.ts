import type { Problem } from '../../model/problem.ts';
import type { ShrinkRow } from '../../model/shrink.ts';
import type { Change } from '../../model/snapshot.ts';
import type { ShrinkGuardSettings } from '../../settings/settings.ts';
import { toPolicy } from './policy.ts';
import { toShrinkProblem } from './shrink-problem.ts';
import { SourceGuard, type ServedRoutes } from './source-guard.ts';

export interface ShrinkGuardOptions {
  readonly sources: readonly string[];
  readonly settings: ShrinkGuardSettings;
  readonly served: ServedRoutes;
  /** Whether all of a source was known before. */
  readonly isWhole: (source: string) => boolean;
}

/**
 * Stands between the sources and the pipeline. An unmounted folder, an API server that answers wrongly or a namespace deleted by
 * mistake must not take down most of the routes at once: such deletions are held back for a while, and nothing else is. The objects
 * stay as they were, so that hosts, ports and TLS of those who are served go on being decided as before. Knows no clock: the times that
 * it is given are milliseconds since 1970.
 */
export class ShrinkGuard {
  readonly #isWhole: ShrinkGuardOptions['isWhole'];
  readonly #guards: ReadonlyMap<string, SourceGuard>;

  constructor({ sources, settings, served, isWhole }: ShrinkGuardOptions) {
    this.#isWhole = isWhole;
    this.#guards = new Map(
      sources.map((source) => [
        source,
        new SourceGuard({ source, served, policyOf: (fleet) => toPolicy(settings, source, fleet) }),
      ]),
    );
  }

  get rows(): readonly ShrinkRow[] {
    return [...this.#guards.values()].flatMap(({ rows }) => rows);
  }

  get problems(): readonly Problem[] {
    return this.rows.map(toShrinkProblem);
  }

  /** When something comes to its end by itself, on the clock of `pass`. */
  get endsAt(): number | undefined {
    const ends = [...this.#guards.values()].flatMap(({ endsAt = [] }) => endsAt);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** What of these changes is to be served now, together with what has been held back long enough. As `SourceGuard.pass`. */
  pass(changes: readonly Change[], now: number, date: number = now): readonly Change[] {
    const bySource = new Map<string, Change[]>();
    for (const change of changes) {
      const { source } = change.kind === 'set' ? change.object.meta.ref : change.ref;
      const own = bySource.get(source);
      if (own === undefined) bySource.set(source, [change]);
      else own.push(change);
    }
    return [...this.#guards].flatMap(([source, guard]) => {
      const own = bySource.get(source) ?? [];
      return this.#isWhole(source) ? guard.pass(own, now, date) : own;
    });
  }

  /** What stands of a source, or of all, was meant: `pass` lets it through. Returns the sources of which something stood. */
  confirm(source?: string): readonly string[] {
    const names = source === undefined ? [...this.#guards.keys()] : [source];
    return names.filter((name) => this.#guards.get(name)?.confirm() === true);
  }
}
