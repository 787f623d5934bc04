import { readFile, stat } from 'node:fs/promises';
import { toObjectKey } from '../../model/object-ref.ts';
import type { SourceObject } from '../../model/objects.ts';
import { toProblem, type Problem } from '../../model/problem.ts';
import { expandList, type ValuePath } from '../../kinds/expand-list.ts';
import { toNarrowed } from '../../kinds/narrow.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { toDocuments } from './documents.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { toFieldSteps } from './field-path.ts';
import { ManifestFault } from './manifest-fault.ts';
import { toLineFinder, type LineAndColumn } from '../../lib/text-lines.ts';

/** Where an object stands in its file. */
export interface Place {
  /** Counted from 0. */
  readonly document: number;
  /** Inside the document: empty, or such as `items`, 3. */
  readonly path: ValuePath;
}

/** One object of a file. */
export interface ManifestEntry {
  readonly object: SourceObject;
  readonly place: Place;
}

/** Which file to read, and how problems name it. */
export interface ManifestFileName {
  readonly absolute: string;
  /** As users know it. */
  readonly shown: string;
  readonly source: string;
}

/** What a look at a file brought. */
export type FileReading =
  | {
      readonly kind: 'good';
      readonly entries: readonly ManifestEntry[];
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'broken'; readonly problem: Problem }
  | { readonly kind: 'gone' };

const mebibyte = 1024 * 1024;
/** Problems beyond this in one file get no line: looking one up costs a walk through the document. */
const maxLocated = 200;

/**
 * Reads one file of manifests. Never rejects. An object that is too malformed to serve keeps its state in `previous`,
 * the entries of the last good reading of this file.
 */
export async function readManifestFile(
  name: ManifestFileName,
  previous: readonly ManifestEntry[],
  breathe: TimeSlice,
): Promise<FileReading> {
  const text = await readText(name);
  return typeof text === 'string' ? toReading(text, name, previous, breathe) : text;
}

/** The places of objects, or of their fields, in a file as it is now; undefined when it cannot be read. */
export async function readLines(
  name: ManifestFileName,
  places: readonly Place[],
  field: string,
  breathe: TimeSlice,
): Promise<readonly LineAndColumn[] | undefined> {
  const text = await readText(name);
  if (typeof text !== 'string') return undefined;
  const toLine = toLineFinder(text);
  const documents: ManifestDocument[] = [];
  try {
    for await (const document of toDocuments(text, name.absolute, breathe)) documents.push(document);
  } catch (error) {
    // The part before the fault may hold what is asked for.
    if (!(error instanceof ManifestFault)) throw error;
  }
  const steps = toFieldSteps(field);
  return places.map(({ document, path }) => toLine(documents[document]?.offsetOf([...path, ...steps]) ?? 0));
}

/** A problem of a file as a whole. */
export function toFileProblem(
  code: 'source-unreadable' | 'syntax-error',
  { shown, source }: Pick<ManifestFileName, 'shown' | 'source'>,
  message: string,
  hint: string,
  at: LineAndColumn = { line: 1, column: 1 },
): Problem {
  const subject = { source, kind: 'File', namespace: '', name: shown };
  return toProblem(code, subject, { message, hint, location: { file: shown, ...at } });
}

async function readText(name: ManifestFileName): Promise<string | FileReading> {
  const limit = (name.absolute.endsWith('.json') ? 64 : 4) * mebibyte;
  let bytes: Buffer;
  try {
    const { size } = await stat(name.absolute);
    if (size > limit) return toTooLarge(name, size, limit);
    bytes = await readFile(name.absolute);
  } catch (error) {
    return toUnreadable(name, error);
  }
  if (bytes.length > limit) return toTooLarge(name, bytes.length, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const hint = 'Save it as UTF-8.';
    return {
      kind: 'broken',
      problem: toFileProblem('syntax-error', name, 'The file is not UTF-8 text.', hint),
    };
  }
}

function toTooLarge(name: ManifestFileName, size: number, limit: number): FileReading {
  const message = `The file has ${size} bytes, and at most ${limit} are read.`;
  const hint = 'Split it into several files, or write it as JSON, which is read up to 64 MiB.';
  return { kind: 'broken', problem: toFileProblem('syntax-error', name, message, hint) };
}

function toUnreadable(name: ManifestFileName, error: unknown): FileReading {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'gone' };
  const hint = 'Let the user that Fairlead runs as read it.';
  return {
    kind: 'broken',
    problem: toFileProblem('source-unreadable', name, `The file cannot be read (${code}).`, hint),
  };
}

async function toReading(
  text: string,
  name: ManifestFileName,
  previous: readonly ManifestEntry[],
  breathe: TimeSlice,
): Promise<FileReading> {
  const reading: Reading = { name, previous, toLine: toLineFinder(text), entries: [], problems: [] };
  let index = 0;
  try {
    for await (const document of toDocuments(text, name.absolute, breathe)) {
      for (const item of expandList(document.value)) {
        addObject(reading, item.raw, { document: index, path: item.path }, document);
        await breathe();
      }
      index += 1;
    }
  } catch (error) {
    if (!(error instanceof ManifestFault)) throw error;
    const hint = 'Mend the file; its last good objects are served until then.';
    const at = reading.toLine(error.offset);
    return { kind: 'broken', problem: toFileProblem('syntax-error', name, error.message, hint, at) };
  }
  return { kind: 'good', entries: reading.entries, problems: reading.problems };
}

interface Reading {
  readonly name: ManifestFileName;
  readonly previous: readonly ManifestEntry[];
  readonly toLine: (offset: number) => LineAndColumn;
  readonly entries: ManifestEntry[];
  readonly problems: Problem[];
}

function addObject(reading: Reading, raw: unknown, place: Place, document: ManifestDocument): void {
  const { entries, previous, problems } = reading;
  const narrowed = toNarrowed(raw, reading.name.source, (problem) => {
    problems.push(problems.length < maxLocated ? toLocated(reading, problem, place, document) : problem);
  });
  if (narrowed.kind === 'ignored') return;
  if (narrowed.kind === 'read') {
    entries.push({ object: narrowed.object, place });
    return;
  }
  const key = toObjectKey(narrowed.ref);
  const former = previous.find(({ object }) => toObjectKey(object.meta.ref) === key);
  if (former !== undefined) entries.push({ ...former, place });
}

function toLocated(
  { name, toLine }: Reading,
  problem: Problem,
  place: Place,
  document: ManifestDocument,
): Problem {
  const offset = document.offsetOf([...place.path, ...toFieldSteps(problem.field)]);
  return { ...problem, location: { file: name.shown, ...toLine(offset) } };
}
