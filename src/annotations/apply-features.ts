import { mergeDirectives, type Directives } from './directives.ts';
import type { Annotation, Feature, FeatureContext } from './feature.ts';
import { features } from './index.ts';
import { listParts, type AskedAnnotation } from './parts.ts';

/** A valid annotation of a feature. */
export interface GivenAnnotation {
  readonly feature: Feature;
  /** The name of the annotation within its feature. */
  readonly name: string;
  readonly annotation: Annotation<unknown>;
  readonly key: string;
  readonly text: string;
  /** What the parser made of it. */
  readonly value: unknown;
}

/** What the annotations of an object ask for together, and each of them. */
export interface Applied {
  readonly directives: Directives;
  readonly asked: readonly AskedAnnotation[];
  /** The parts of the directives, by `listParts`. */
  readonly parts: ReadonlySet<string>;
}

type Values = Readonly<Record<string, unknown>>;

/** What features know of an object before they are asked. */
export type ObjectContext = Omit<FeatureContext, 'fault' | 'inPart'>;

/** Of an annotation: what is wrong, as a sentence without its end, and how to mend it. */
type Say = (given: GivenAnnotation, message: string, hint: string) => void;

/** Where features say what is wrong with annotations. */
export interface Faults {
  /** Of one that is well-formed and yet cannot be carried out. */
  readonly fault: Say;
  /** Of one of which a part is not carried out. */
  readonly inPart: Say;
}

/** Asks every feature, in the listed order, what its annotations come to. */
export function applyFeatures(
  given: readonly GivenAnnotation[],
  context: ObjectContext,
  { fault, inPart }: Faults,
): Applied {
  let directives: Directives = {};
  const asked: AskedAnnotation[] = [];
  const parts = new Set<string>();
  const byFeature = groupByFeature(given);
  for (const feature of features) {
    const own = byFeature.get(feature) ?? none;
    if (own.length === 0 && !feature.always) continue;
    let isFaulty = false;
    const said = new Set<GivenAnnotation>();
    const about =
      (say: Say): FeatureContext['fault'] =>
      (name, message, hint) => {
        isFaulty ||= say === fault;
        const meant = own.find((each) => each.name === name);
        if (meant !== undefined) {
          said.add(meant);
          say(meant, message, hint);
        }
      };
    const part = feature.apply(toValues(own), { ...context, fault: about(fault), inPart: about(inPart) });
    if (own.length === 0 && Object.keys(part).length === 0) continue;
    directives = mergeDirectives(directives, part);
    const listed = listParts(part);
    for (const name of listed.keys()) parts.add(name);
    // What one annotation goes without, those beside it may have been for.
    if (!isFaulty || listed.size > 0) asked.push(...toAsked(feature, own, listed, context, said));
  }
  return { directives, asked, parts };
}

const none: readonly GivenAnnotation[] = [];

function groupByFeature(given: readonly GivenAnnotation[]): ReadonlyMap<Feature, readonly GivenAnnotation[]> {
  const groups = new Map<Feature, GivenAnnotation[]>();
  for (const each of given) {
    const group = groups.get(each.feature);
    if (group === undefined) groups.set(each.feature, [each]);
    else group.push(each);
  }
  return groups;
}

/**
 * Which parts each annotation shaped: those that would be different without it. Found by leaving it out, so that no feature can
 * forget to say so. Of one about which something was said already, no more is.
 */
function toAsked(
  feature: Feature,
  given: readonly GivenAnnotation[],
  listed: ReadonlyMap<string, string>,
  context: ObjectContext,
  said: ReadonlySet<GivenAnnotation>,
): readonly AskedAnnotation[] {
  const parts = [...listed];
  const silent: FeatureContext = { ...context, fault: () => undefined, inPart: () => undefined };
  return given
    .filter((each) => {
      const { isTuning, isSwitch } = each.annotation;
      const isIdle =
        asksForNothing(each.value) || isTuning === true || (isSwitch === true && given.length > 1);
      return !isIdle && !said.has(each);
    })
    .map((each) => {
      const others = given.filter((other) => other !== each);
      const without =
        others.length === 0 && !feature.always
          ? new Map<string, string>()
          : listParts(feature.apply(toValues(others), silent));
      const { needs } = each.annotation;
      const shaped = parts.filter(([name, text]) => without.get(name) !== text);
      // One that says what holds anyway is carried with that.
      const own = shaped.length === 0 && feature.always ? parts : shaped;
      return {
        key: each.key,
        value: each.text,
        parts: own.map(([name]) => name),
        ...(needs !== undefined && { needs }),
      };
    });
}

/** "Off" is a value that counts, but when there is nothing to switch off, nothing is amiss. */
export function asksForNothing(value: unknown): boolean {
  return value === undefined || value === false || value === 0;
}

/** By name; of annotations of single ports a map from the end of the key. */
function toValues(given: readonly GivenAnnotation[]): Values {
  const values: Record<string, unknown> = {};
  for (const { name, annotation, key, value } of given) {
    if (!annotation.key.endsWith('.')) {
      values[name] = value;
      continue;
    }
    const byPort = values[name] instanceof Map ? values[name] : new Map<string, unknown>();
    values[name] = byPort.set(key.slice(annotation.key.length), value);
  }
  return values;
}
