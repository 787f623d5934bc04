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
}

export interface ProblemDetails {
  readonly field?: string;
  readonly message: string;
  readonly hint: string;
  readonly location?: FileLocation;
}

/** The severity comes from the table of codes, so that one code always means the same. */
export function toProblem(code: ProblemCode, subject: Subject, details: ProblemDetails): Problem {
  const { source, kind, namespace, name } = subject;
  return {
    severity: problemCodes[code].severity,
    code,
    subject: { source, kind, namespace, name },
    field: details.field ?? '',
    message: details.message,
    hint: details.hint,
    ...(details.location && { location: details.location }),
  };
}

/** How a pure function reports: the caller fills in the object. */
export type Report = (code: ProblemCode, details: ProblemDetails) => void;

/** The field path of an annotation, as problems name it. */
export function annotationField(key: string): string {
  return `metadata.annotations[${key}]`;
}
