import type { MigratedAnnotation } from '../../model/migration.ts';
import { compareText } from '../../model/object-ref.ts';
import { annotationField } from '../../model/problem.ts';
import type { Explanation } from '../../model/published.ts';
import { judgeEffect } from './judge-object.ts';

type Tally = { -readonly [K in keyof MigratedAnnotation]: MigratedAnnotation[K] };

/** How each annotation fares in all objects together; those that are lost most often first. */
export class AnnotationTotals {
  readonly #tallies = new Map<string, Tally>();

  add({ annotations, problems }: Explanation): void {
    const byField = new Map(problems.map((problem) => [problem.field, problem]));
    for (const effect of annotations) {
      const { key, differs = '' } = effect;
      const problem = byField.get(annotationField(key));
      // What means nothing to either controller is none: tenants can write as many as they like.
      if (problem?.code === 'annotation-unknown' || effect.effect === 'written-back') continue;
      const tally = this.#tallies.get(key) ?? { key, same: 0, differs: 0, lost: 0, says: '', hint: '' };
      this.#tallies.set(key, tally);
      const fate = judgeEffect(effect, problem);
      tally[fate === 'lost' || fate === 'differs' ? fate : 'same'] += 1;
      if (fate !== 'lost' && fate !== 'differs') continue;
      if (tally.says === '') tally.says = differs === '' ? (problem?.message ?? effect.says) : differs;
      if (tally.hint === '') tally.hint = problem?.hint ?? '';
    }
  }

  toRows(): readonly MigratedAnnotation[] {
    return [...this.#tallies.values()].toSorted(
      (a, b) => b.lost - a.lost || b.differs - a.differs || b.same - a.same || compareText(a.key, b.key),
    );
  }
}
