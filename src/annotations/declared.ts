import type { Annotation, Feature, Withholding } from './feature.ts';
import { features } from './index.ts';
import { refusedAnnotations } from './nginx/refused.ts';

/** An annotation, and where it is declared. */
export interface Declared {
  readonly feature: Feature;
  /** The name of the annotation within its feature. */
  readonly name: string;
  readonly annotation: Annotation<unknown>;
}

/** By their whole keys. */
export const declaredByKey: ReadonlyMap<string, Declared> = new Map(
  features.flatMap((feature) =>
    Object.entries(feature.annotations).map(([name, annotation]) => [
      annotation.key,
      { feature, name, annotation },
    ]),
  ),
);

/** Those whose keys end in a port. */
export const declaredByPort: readonly Declared[] = features.flatMap((feature) =>
  Object.entries(feature.portAnnotations).map(([name, annotation]) => ({ feature, name, annotation })),
);

/** The keys of the first. */
export const declaredKeys: readonly string[] = [...declaredByKey.keys()];

/** What is withheld where an annotation that limits access cannot be used; undefined of any other. */
export function toLimits(key = ''): Withholding | undefined {
  if (refusedAnnotations.get(key)?.limits === true) return 'withhold';
  const whenInvalid = declaredByKey.get(key)?.annotation.whenInvalid;
  return whenInvalid === 'use-default' ? undefined : whenInvalid;
}
