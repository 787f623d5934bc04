import { toMessage } from './message.ts';
import { problemCodes, type ProblemCode, type Severity } from './problem-codes.ts';

/** What a problem is about: an object, or what no object stands for (a broken file, a port pool, a source). */
export interface Subject {
  readonly source: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Where in a file: counted from 1, as editors do. */
export interface FileLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with one object. Data, never an exception: a user's mistake costs its own object only. */
export interface Problem {
  readonly severity: Severity;
  readonly code: ProblemCode;
  readonly subject: Subject;
  /** The path of the field, such as `metadata.annotations[fairlead.dev/weights]`; empty for the whole object. */
  readonly field: string;
  /** One sentence: what is wrong, with the value as it stands. */
  readonly message: string;
  /** One sentence: how to mend it. */
  readonly hint: string;
  /** Known at once only for text that could not be read; for other problems the source finds it when asked. */
  readonly location?: FileLocation;
  /** Set where this stands for so many problems of the object that have its code and are not listed; see `ProblemList`. */
  readonly more?: number;
}

export interface ProblemDetails {
  readonly field?: string;
  readonly message: string;
  readonly hint: string;
  readonly location?: FileLocation;
}

/** The most characters of a field, of a message and of a hint. */
const mostText = { field: 400, message: 600, hint: 400 };

/**
 * The severity comes from the table of codes, so that one code always means the same. A text that is longer than any that is
 * read ends in an ellipsis: tenants' names and values are in it.
 */
export function toProblem(code: ProblemCode, subject: Subject, details: ProblemDetails): Problem {
  const { source, kind, namespace, name } = subject;
  return {
    severity: problemCodes[code].severity,
    code,
    subject: { source, kind, namespace, name },
    field: cut(details.field ?? '', mostText.field),
    message: cut(toMessage(details.message), mostText.message),
    hint: cut(details.hint, mostText.hint),
    ...(details.location && { location: details.location }),
  };
}

/**
 * How a pure function reports: the caller fills in the object. Details that cost something to put together are given as a function,
 * which is called only while there is room for another problem of this code.
 */
export type Report = (code: ProblemCode, details: ProblemDetails | (() => ProblemDetails)) => void;

/** The field path of an annotation, as problems name it. */
export function annotationField(key: string): string {
  return `metadata.annotations[${key}]`;
}

/** A text, or its beginning with an ellipsis. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The first ten of some words for a message, and how many more there are. */
export function listSome(words: readonly string[]): string {
  const some = words.slice(0, 10).map((word) => cut(word, 80));
  return words.length > some.length
    ? `${some.join(', ')} and ${countText(words.length - some.length)} more`
    : some.join(', ');
}

/** `39,980`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
