import type { Directives } from './directives.ts';
import type { Annotation, Feature, FeatureContext } from './feature.ts';
import { findHeaderConflicts } from './header-conflicts.ts';
import { features } from './index.ts';
import { headerChanges } from './own/header-changes.ts';
import { listParts, type AskedAnnotation } from './parts.ts';
import { isOwnKey, joinParts, mayDisplace, type FeaturePart } from './precedence.ts';

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
  readonly displaced: readonly DisplacedAnnotation[];
}

/** An annotation of another vocabulary that counts for nothing, since Fairlead's own one decides. */
export interface DisplacedAnnotation {
  readonly given: GivenAnnotation;
  /** The key of the one that decides. */
  readonly by: string;
  /** Whether both ask for the same. */
  readonly agrees: boolean;
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
  faults: Faults,
): Applied {
  const byFeature = groupByFeature(given);
  const answers = features.flatMap((feature) => {
    const own = byFeature.get(feature) ?? none;
    return own.length === 0 && !feature.always ? [] : (askFeature(feature, own, context, faults) ?? []);
  });
  const displaced = findDisplaced(answers, context);
  reportHeaders(answers, faults);
  const isDisplaced = (key: string): boolean => displaced.some((each) => each.given.key === key);
  return {
    directives: joinParts(answers),
    asked: answers.flatMap(({ asked }) => asked).filter(({ key }) => !isDisplaced(key)),
    parts: new Set(answers.flatMap(({ listed }) => [...listed.keys()])),
    displaced,
  };
}

/** What one feature says of an object. */
interface Answer extends FeaturePart {
  readonly feature: Feature;
  readonly given: readonly GivenAnnotation[];
  readonly listed: ReadonlyMap<string, string>;
  readonly asked: readonly AskedAnnotation[];
}

/** Undefined: nothing. */
function askFeature(
  feature: Feature,
  given: readonly GivenAnnotation[],
  context: ObjectContext,
  { fault, inPart }: Faults,
): Answer | undefined {
  let isFaulty = false;
  const said = new Set<GivenAnnotation>();
  const about =
    (say: Say): FeatureContext['fault'] =>
    (name, message, hint) => {
      isFaulty ||= say === fault;
      const meant = given.find((each) => each.name === name);
      if (meant !== undefined) {
        said.add(meant);
        say(meant, message, hint);
      }
    };
  const part = feature.apply(toValues(given), { fault: about(fault), inPart: about(inPart), ...context });
  if (given.length === 0 && Object.keys(part).length === 0) return undefined;
  const listed = listParts(part);
  // What one annotation goes without, those beside it may have been for.
  const asked = isFaulty && listed.size === 0 ? [] : toAsked(feature, given, listed, context, said);
  const isOwn = given.length > 0 && given.every(({ key }) => isOwnKey(key));
  return { feature, given, part, isOwn, listed, asked };
}

/** Those of other vocabularies without which all would be the same, since one of ours decides about what they are for. */
function findDisplaced(answers: readonly Answer[], context: ObjectContext): readonly DisplacedAnnotation[] {
  const own = answers.filter(({ isOwn }) => isOwn);
  const ownParts = new Set(own.flatMap(({ listed }) => [...listed.keys()]));
  if (ownParts.size === 0) return [];
  const whole = listParts(joinParts(answers));
  const silent = toSilent(context);
  return answers.flatMap((answer) => {
    if (answer.isOwn) return [];
    return answer.asked.flatMap(({ key, parts }) => {
      // One of ours beside them holds its own.
      if (isOwnKey(key)) return [];
      const contested = parts.filter((part) => mayDisplace(ownParts, part));
      const given = answer.given.find((each) => each.key === key);
      if (contested.length === 0 || given === undefined) return [];
      const rest = answer.given.filter((each) => each !== given);
      const part =
        rest.length === 0 && !answer.feature.always ? {} : answer.feature.apply(toValues(rest), silent);
      const without = listParts(
        joinParts(answers.map((each) => (each === answer ? { ...each, part } : each))),
      );
      if (!isSameMap(whole, without)) return [];
      const agrees = contested.every((each) => whole.get(each) === answer.listed.get(each));
      const by = findDisplacing(own, contested);
      return by === undefined ? [] : { given, by, agrees };
    });
  });
}

/** Headers add up, and so each is looked at by itself. */
function reportHeaders(answers: readonly Answer[], { inPart }: Faults): void {
  const own = answers.find(({ feature }) => feature === headerChanges);
  if (own === undefined) return;
  for (const other of answers.filter((each) => !each.isOwn)) {
    for (const { part, header } of findHeaderConflicts(own.part, other.part)) {
      const key = other.asked.find(({ parts }) => parts.includes(part))?.key;
      const given = other.given.find((each) => each.key === key);
      const message = `Fairlead's own annotations set the header ${header} to something else, and take precedence`;
      if (given !== undefined) inPart(given, message, 'Set it in one of the two.');
    }
  }
}

/** The key of one of ours that decides about these parts. */
function findDisplacing(own: readonly Answer[], contested: readonly string[]): string | undefined {
  const by = own.find(({ listed }) => contested.some((part) => mayDisplace(new Set(listed.keys()), part)));
  return (by?.asked[0] ?? by?.given[0])?.key;
}

function isSameMap(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function toSilent(context: ObjectContext): FeatureContext {
  return { fault: () => undefined, inPart: () => undefined, ...context };
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
  const silent = toSilent(context);
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
      const { needs, mayBeDefault } = each.annotation;
      const shaped = parts.filter(([name, text]) => without.get(name) !== text);
      // One that says what holds anyway is carried with that.
      const isDefault = feature.always || (mayBeDefault === true && given.some(({ key }) => key === needs));
      const own = shaped.length === 0 && isDefault ? parts : shaped;
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
