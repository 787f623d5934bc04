import type { Meta } from '../model/objects.ts';
import { annotationField, countText, cut, type Problem } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import { ProblemList } from '../model/problem-list.ts';
import type { AnnotationEffect } from '../model/published.ts';
import type { Directives } from './directives.ts';
import { articles, type Annotated, type Annotation, type Withholding } from './feature.ts';
import {
  applyFeatures,
  asksForNothing,
  type Applied,
  type DisplacedAnnotation,
  type GivenAnnotation,
  type ObjectContext,
} from './apply-features.ts';
import { declaredByKey, declaredByPort, declaredKeys, toLimits, type Declared } from './declared.ts';
import { sniKey } from './own/sni.ts';
import { quote } from './parsers.ts';
import { toDeclaredKey } from './traefik/keys.ts';
import { findUnusable, suggestKey } from './vocabulary.ts';

/** What the annotations of one object come to. */
export interface Reading extends Omit<Applied, 'displaced'> {
  readonly problems: readonly Problem[];
  /** For `fairlead explain`: every annotation that Fairlead has an opinion on, in the order of their keys. */
  readonly effects: readonly AnnotationEffect[];
}

/** The reading of an object that has no annotation of ours. */
export const emptyReading: Reading = {
  directives: {},
  asked: [],
  parts: new Set(),
  problems: [],
  effects: [],
};

/**
 * Reads the annotations of an object through the features, in their listed order. Never throws for what a user wrote.
 * @param longest The most characters of an annotation that is not a list.
 */
export function readAnnotations(
  meta: Meta,
  context: ObjectContext,
  writtenBack: (key: string) => boolean,
  longest: number,
): Reading {
  const reader = new AnnotationReader(meta, context.on, longest);
  for (const key of Object.keys(meta.annotations).toSorted()) reader.read(key, writtenBack);
  reader.finish();
  const { directives, asked, parts, displaced } = applyFeatures(reader.given, context, {
    fault: (...fault) => reader.refuseGiven(...fault),
    inPart: (...rest) => reader.reportPart(...rest),
  });
  for (const each of displaced) reader.displace(each);
  return {
    directives: reader.withhold === undefined ? directives : { ...directives, ...reader.withhold },
    asked: asked.filter(({ key }) => !reader.refused.has(key)),
    parts,
    problems: reader.problems.toArray(),
    effects: reader.effects,
  };
}

/** So many keys that mean nothing are compared with those that do. */
const mostUnknown = 100;
/** So many annotations are explained. */
const mostEffects = 500;

/** What a Service offers without HTTP. */
const beyondHttp: readonly string[] = ['fairlead.dev/expose', 'fairlead.dev/expose-each', sniKey];

/** The state of one reading: a class because five lists grow together. */
class AnnotationReader {
  readonly given: GivenAnnotation[] = [];
  readonly problems: ProblemList;
  readonly effects: AnnotationEffect[] = [];
  /** The keys of well-formed annotations that cannot be carried out. */
  readonly refused = new Set<string>();
  withhold: Partial<Pick<Directives, 'withhold' | 'withholdPorts'>> | undefined;
  #unknown = 0;
  readonly #meta: Meta;
  readonly #on: Annotated;
  readonly #longest: number;

  constructor(meta: Meta, on: Annotated, longest: number) {
    this.#meta = meta;
    this.#on = on;
    this.#longest = longest;
    this.problems = new ProblemList(meta.ref);
  }

  read(key: string, writtenBack: (key: string) => boolean): void {
    const value = this.#meta.annotations[key] ?? '';
    const spelt = toDeclaredKey(key);
    const declared =
      declaredByKey.get(spelt) ?? declaredByPort.find((each) => spelt.startsWith(each.annotation.key));
    if (declared !== undefined) {
      this.#readDeclared(key, value, declared);
    } else if (writtenBack(key)) {
      this.#explain(
        key,
        value,
        'written-back',
        'Written by Fairlead; what stands here decides nothing while the ledger is there.',
      );
    } else {
      this.#readForeign(key, value);
    }
  }

  /** After the last annotation. */
  finish(): void {
    if (this.#unknown <= mostUnknown) return;
    // Any of them may be a limit with a slip in its name.
    this.#withhold('withhold');
    this.problems.report('access-limit-unusable', {
      field: 'metadata.annotations',
      message: `${countText(this.#unknown)} annotations have names that mean nothing, too many to tell whether one was meant to limit access; ${this.#toConsequence('withhold')}`,
      hint: 'Remove them.',
    });
  }

  #readDeclared(key: string, value: string, { feature, name, annotation }: Declared): void {
    if (!annotation.on.includes(this.#on)) {
      this.#ignore(
        key,
        value,
        `${key} has no effect on ${articles[this.#on]}`,
        `Put it on ${articles[annotation.on[0] ?? 'Service']}, or remove it.`,
      );
      return;
    }
    if (this.#refuseLong(key, value, annotation)) return;
    const parsed = annotation.parse(value);
    if (!parsed.ok) {
      this.#refuse(key, value, annotation.whenInvalid, parsed.message, parsed.hint);
      return;
    }
    this.given.push({ feature, name, annotation, key, text: value, value: parsed.value });
    const differs = asksForNothing(parsed.value) ? undefined : annotation.differs;
    this.#explain(key, value, 'used', annotation.doc, differs);
  }

  /** A well-formed annotation turned out to be impossible: a name leads nowhere. It counts like a malformed one. */
  refuseGiven({ key, text, annotation }: GivenAnnotation, message: string, hint: string): void {
    this.refused.add(key);
    this.#refuse(key, text, annotation.whenInvalid, message, hint);
  }

  /** One of another vocabulary counts for nothing beside Fairlead's own: a problem where they do not say the same. */
  displace({ given: { key, text }, by, agrees }: DisplacedAnnotation): void {
    const how = agrees ? 'says the same' : 'takes precedence, and says something else';
    const says = `${key} ${quote(text)} has no effect: ${by} ${how}`;
    this.#explain(key, text, 'no-effect', `${says}.`);
    if (agrees) return;
    this.problems.report('annotation-without-effect', {
      field: annotationField(key),
      message: says,
      hint: 'Remove one of the two.',
    });
  }

  reportPart({ key }: GivenAnnotation, message: string, hint: string): void {
    this.problems.report('annotation-in-part', { field: annotationField(key), message, hint });
  }

  /** Whether the value is so long that nobody looks at it. */
  #refuseLong(key: string, value: string, { isList, whenInvalid }: Annotation<unknown>): boolean {
    const longest = isList === true ? 4 * this.#longest : this.#longest;
    if (value.length <= 0.8 * longest) return false;
    const length = `it has ${countText(value.length)} characters of at most ${countText(longest)} (limits.annotation)`;
    const hint = 'Shorten it, or divide the object.';
    if (value.length > longest) {
      this.#refuse(key, value, whenInvalid, length, hint, 'annotation-too-long');
      return true;
    }
    this.problems.report('limit-near', { field: annotationField(key), message: length, hint });
    return false;
  }

  #readForeign(key: string, value: string): void {
    const unusable = findUnusable(toDeclaredKey(key), value, this.#on);
    if (unusable === undefined) return;
    if (unusable.kind === 'limits-access') {
      this.#refuse(key, value, 'withhold', `${key} ${unusable.why}`, unusable.hint);
    } else if (unusable.kind === 'not-supported') {
      this.#ignore(key, value, `${key} ${unusable.why}`, unusable.hint);
    } else if (unusable.kind === 'asks-for-nothing') {
      this.#explain(key, value, 'no-effect', 'The value asks for nothing.');
    } else {
      this.#readUnknown(key, value);
    }
  }

  #readUnknown(key: string, value: string): void {
    this.#unknown += 1;
    const suggestion = this.#unknown > mostUnknown ? undefined : suggestKey(toDeclaredKey(key), declaredKeys);
    // A slip in the name of a limit must not leave the route open. No limit stands on endpoints.
    const limits = toLimits(suggestion);
    if (limits !== undefined && (this.#on === 'Service' || this.#on === 'Ingress')) {
      this.#refuse(key, value, limits, `there is no annotation ${key}`, `Did you mean ${suggestion}?`);
      return;
    }
    this.problems.report('annotation-unknown', () => ({
      field: annotationField(key),
      message: `there is no annotation ${key}`,
      hint: toUnknownHint(key, suggestion),
    }));
    this.#explain(key, value, 'no-effect', 'No annotation has this name.');
  }

  #refuse(
    key: string,
    value: string,
    whenInvalid: Annotation<unknown>['whenInvalid'],
    message: string,
    hint: string,
    code: ProblemCode = whenInvalid === 'use-default' ? 'annotation-invalid' : 'access-limit-unusable',
  ): void {
    const withholds = whenInvalid !== 'use-default';
    if (withholds) this.#withhold(whenInvalid);
    const consequence = withholds ? this.#toConsequence(whenInvalid) : 'the default applies';
    this.problems.report(code, () => ({
      field: annotationField(key),
      message: `${message}; ${consequence}`,
      hint,
    }));
    this.#explain(key, value, withholds ? 'withholds' : 'rejected', `${message}; ${consequence}.`);
  }

  /** What clients meet, of all that the annotations of this object ask for. */
  #toConsequence(what: Withholding): string {
    if (!beyondHttp.some((key) => key in this.#meta.annotations)) return 'the routes answer 503';
    return what === 'withhold'
      ? 'HTTP routes answer 503, and connections to pool ports and by SNI are closed'
      : 'HTTP routes answer 503, but pool ports and SNI stay open';
  }

  #withhold(what: Withholding): void {
    const withholdPorts = what === 'withhold' || this.withhold?.withholdPorts === true;
    this.withhold = { withhold: true, ...(withholdPorts && { withholdPorts }) };
  }

  #ignore(key: string, value: string, message: string, hint: string): void {
    this.problems.report('annotation-not-supported', () => ({
      field: annotationField(key),
      message: `${message} (value ${quote(value)})`,
      hint,
    }));
    this.#explain(key, value, 'no-effect', `${message}.`);
  }

  #explain(
    key: string,
    value: string,
    effect: AnnotationEffect['effect'],
    says: string,
    differs?: string,
  ): void {
    // What was said of it before is no longer so.
    const known = this.effects.findIndex((each) => each.key === key);
    if (known >= 0) this.effects.splice(known, 1);
    if (this.effects.length >= mostEffects) return;
    this.effects.push({
      key,
      value: cut(value, 1_000),
      effect,
      says,
      ...(differs !== undefined && { differs }),
    });
  }
}

function toUnknownHint(key: string, suggestion: string | undefined): string {
  // The beginning of a key that names a port.
  const isCutOff = declaredByPort.some(({ annotation }) => annotation.key === `${key}.`);
  if (isCutOff) return `End the key in the name or number of a port of the Service, such as ${key}.3306.`;
  return suggestion === undefined
    ? 'Remove it, or look its name up in docs/annotations.md.'
    : `Did you mean ${suggestion}?`;
}
