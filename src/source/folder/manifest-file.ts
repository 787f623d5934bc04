import { toObjectKey } from '../../model/object-ref.ts';
import type { SourceObject } from '../../model/objects.ts';
import { toProblem, type Problem } from '../../model/problem.ts';
import { toNarrowed } from '../../kinds/narrow.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import type { LineAndColumn } from '../../lib/text-lines.ts';
import { toFieldSteps } from './field-path.ts';
import { isManifest, isTemplate, type PassedOver } from './foreign-files.ts';
import type { ManifestFiles, OpenedFile } from './manifest-files.ts';
import { toWrittenByHand } from './written-by-hand.ts';
import type { Place, TextFault, WrittenObject } from './manifest-text.ts';

/** One object of a file. */
export interface ManifestEntry {
  readonly object: SourceObject;
  readonly place: Place;
  readonly at: LineAndColumn;
}

/** Which file to read, and how problems name it. */
export interface ManifestFileName {
  readonly absolute: string;
  /** As users know it. */
  readonly shown: string;
  readonly source: string;
  /** Whether it is read in a thread. */
  readonly large: boolean;
}

/** What a look at a file brought. */
export type FileReading =
  | {
      readonly kind: 'good';
      readonly entries: readonly ManifestEntry[];
      readonly problems: readonly Problem[];
      readonly values: number;
      /** How many objects it has, of whatever kind. */
      readonly manifests: number;
      readonly passed?: PassedOver;
    }
  | { readonly kind: 'broken'; readonly problem: Problem }
  | { readonly kind: 'gone' };

/** Problems beyond this in one file get no line: looking one up costs a walk through the document. */
const maxLocated = 200;
/** Keys that stand twice, for one file. */
const maxNotes = 20;

/**
 * Reads one file of manifests. Never rejects. An object that is too malformed to serve keeps its state in `previous`,
 * the entries of the last good reading of this file.
 */
export function readManifestFile(
  files: ManifestFiles,
  name: ManifestFileName,
  previous: readonly ManifestEntry[],
  breathe: TimeSlice,
): Promise<FileReading> {
  return files.use(name, breathe, async (file) => {
    if (file.kind === 'unreadable') return toUnreadable(name, file.code);
    if (file.fault !== undefined) return toBroken(name, file.fault, previous);
    return toReading(file, name, previous, breathe);
  });
}

/** Where a field of an object stands in a file as it is now; undefined when it cannot be read. */
export function readLine(
  files: ManifestFiles,
  name: ManifestFileName,
  place: Place,
  field: string,
  breathe: TimeSlice,
): Promise<LineAndColumn | undefined> {
  return files.use(name, breathe, async (file) => {
    // The part before a fault may hold what is asked for.
    if (file.kind === 'unreadable') return undefined;
    return (await file.locate([{ place, field: toFieldSteps(field) }]))[0];
  });
}

/** A problem of a file as a whole. */
export function toFileProblem(
  code: 'file-key-repeated' | 'source-unreadable' | 'syntax-error',
  { shown, source }: Pick<ManifestFileName, 'shown' | 'source'>,
  message: string,
  hint: string,
  at: LineAndColumn = { line: 1, column: 1 },
): Problem {
  const subject = { source, kind: 'File', namespace: '', name: shown };
  return toProblem(code, subject, { message, hint, location: { file: shown, ...at } });
}

/** A file that had objects is a manifest, whatever it looks like now. */
function toBroken(
  name: ManifestFileName,
  { message, at, hint, origin }: TextFault,
  previous: readonly ManifestEntry[],
): FileReading {
  if (origin !== undefined && previous.length === 0)
    return { kind: 'good', entries: [], problems: [], values: 0, manifests: 0, passed: origin };
  const standard = 'Mend the file; its last good objects are served until then.';
  return { kind: 'broken', problem: toFileProblem('syntax-error', name, message, hint ?? standard, at) };
}

function toUnreadable(name: ManifestFileName, code: string): FileReading {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'gone' };
  const hint = 'Let the user that Fairlead runs as read it.';
  return {
    kind: 'broken',
    problem: toFileProblem('source-unreadable', name, `The file cannot be read (${code}).`, hint),
  };
}

async function toReading(
  file: OpenedFile,
  name: ManifestFileName,
  previous: readonly ManifestEntry[],
  breathe: TimeSlice,
): Promise<FileReading> {
  const reading: Reading = { name, previous, entries: [], problems: [], unplaced: [] };
  let values = 0;
  let manifests = 0;
  let passed: PassedOver | undefined;
  for await (const batch of file.objects()) {
    for (const object of batch) {
      values += object.values;
      const isOne = isManifest(object.raw);
      manifests += isOne ? 1 : 0;
      if (isTemplate(object.raw)) passed = 'template';
      // Between objects of Kubernetes, what is none is a mistake; in a file of its own it is something else.
      else if (isOne || (manifests > 0 && object.raw !== null)) addObject(reading, object);
      else if (object.raw !== null) passed ??= 'foreign';
      await breathe();
    }
  }
  await placeProblems(reading, file);
  const { entries } = reading;
  const problems = [...reading.problems];
  if (manifests > 0) {
    for (const { message, hint = '', at } of file.notes.slice(0, maxNotes))
      problems.push(toFileProblem('file-key-repeated', name, message, hint, at));
  }
  const why = passed === 'foreign' && manifests > 0 ? undefined : passed;
  return { kind: 'good', entries, problems, values, manifests, ...(why && { passed: why }) };
}

interface Reading {
  readonly name: ManifestFileName;
  readonly previous: readonly ManifestEntry[];
  readonly entries: ManifestEntry[];
  readonly problems: Problem[];
  /** The objects of the first problems, in their order. */
  readonly unplaced: Place[];
}

function addObject({ name, entries, previous, problems, unplaced }: Reading, written: WrittenObject): void {
  const { raw, place, at } = written;
  const narrowed = toNarrowed(raw, name.source, (problem) => {
    if (problems.length < maxLocated) unplaced.push(place);
    problems.push(problem);
  });
  if (narrowed.kind === 'ignored') return;
  if (narrowed.kind === 'read') {
    entries.push({ object: toWrittenByHand(narrowed.object), place, at });
    return;
  }
  const key = toObjectKey(narrowed.ref);
  const former = previous.find(({ object }) => toObjectKey(object.meta.ref) === key);
  if (former !== undefined) entries.push({ ...former, place, at });
}

async function placeProblems({ name, problems, unplaced }: Reading, file: OpenedFile): Promise<void> {
  const lines = await file.locate(
    unplaced.map((place, index) => ({ place, field: toFieldSteps(problems[index]?.field ?? '') })),
  );
  for (const [index, line] of lines.entries()) {
    const problem = problems[index];
    if (problem !== undefined) problems[index] = { ...problem, location: { file: name.shown, ...line } };
  }
}
