import { expandList, type ValuePath } from '../../kinds/expand-list.ts';
import { isReadType } from '../../kinds/narrow.ts';
import { isObject, type RawObject } from '../../lib/raw-object.ts';
import { toLineFinder, type LineAndColumn } from '../../lib/text-lines.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { toDocuments } from './documents.ts';
import { findOrigin, type PassedOver } from './foreign-files.ts';
import { limits } from './limits.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFault } from './manifest-fault.ts';

/** Where an object stands in its file. */
export interface Place {
  /** Counted from 0. */
  readonly document: number;
  /** Inside the document: empty, or such as `items`, 3. */
  readonly path: ValuePath;
}

/** One object of a file, as it is written. */
export interface WrittenObject {
  readonly raw: unknown;
  readonly place: Place;
  readonly at: LineAndColumn;
  /** How many values it has. */
  readonly values: number;
}

/** What keeps a text from being read, and where. */
export interface TextFault {
  readonly message: string;
  readonly at: LineAndColumn;
  readonly hint?: string;
  /** Set when the text does not look like a manifest at all. */
  readonly origin?: PassedOver;
}

/** A text that has been taken apart. Plain data but for `toLine`. */
export interface ManifestText {
  /** Up to the fault, if there is one. */
  readonly objects: readonly WrittenObject[];
  readonly fault?: TextFault;
  /** Keys that stand twice. */
  readonly notes: readonly TextFault[];
  /** Where a field of an object stands, or its deepest part that exists. */
  toLine(place: Place, field: ValuePath): LineAndColumn;
}

/** Takes a text apart, by the ending of its name. Never rejects for what is in the text. */
export async function toManifestText(text: string, file: string, breathe: TimeSlice): Promise<ManifestText> {
  const toPlace = toLineFinder(text);
  const documents: ManifestDocument[] = [];
  const objects: WrittenObject[] = [];
  const notes: TextFault[] = [];
  const toLine = ({ document, path }: Place, field: ValuePath): LineAndColumn =>
    toPlace(documents[document]?.offsetOf([...path, ...field]) ?? 0);
  try {
    for await (const document of toDocuments(text, file, breathe)) {
      documents.push(document);
      for (const { key, offset } of document.repeated) notes.push(toNote(key, toPlace(offset)));
      for (const { raw, path } of expandList(document.value)) {
        const place = { document: documents.length - 1, path };
        objects.push(toWritten(raw, place, document.offsetOf(path), toPlace));
        await breathe();
      }
    }
    return { objects, notes, toLine };
  } catch (error) {
    if (!(error instanceof ManifestFault)) throw error;
    const origin = findOrigin(text);
    const fault = { message: error.message, at: toPlace(error.offset), ...(origin && { origin }) };
    return { objects, notes, toLine, fault };
  }
}

function toNote(key: string, at: LineAndColumn): TextFault {
  const message = `The key ${JSON.stringify(key.slice(0, 80))} stands twice in one mapping, and the last one counts.`;
  return { message, hint: 'Remove one of them.', at };
}

function toWritten(
  raw: unknown,
  place: Place,
  offset: number,
  toPlace: (offset: number) => LineAndColumn,
): WrittenObject {
  const kept = isRead(raw) ? raw : toOutline(raw);
  const values = countValues(kept);
  if (values > limits.objectValues)
    throw new ManifestFault(`The object has more than ${limits.objectValues} values.`, offset);
  return { raw: kept, place, at: toPlace(offset), values };
}

function isRead(raw: unknown): boolean {
  return isObject(raw) && isReadType(String(raw['apiVersion']), String(raw['kind']));
}

/** Of what is not read, just as much as it takes to say so: a definition of a custom resource may have a megabyte. */
function toOutline(raw: unknown): unknown {
  if (Array.isArray(raw)) return [];
  if (!isObject(raw)) return raw;
  const outline: Record<string, unknown> = {};
  for (const key of ['apiVersion', 'kind', 'items']) {
    if (key in raw) outline[key] = toShallow(raw[key]);
  }
  const { metadata } = raw;
  if (isObject(metadata)) outline['metadata'] = toNames(metadata);
  return outline;
}

function toNames({ name, namespace }: RawObject): RawObject {
  return { name: toShallow(name), namespace: toShallow(namespace) };
}

function toShallow(value: unknown): unknown {
  return Array.isArray(value) ? [] : isObject(value) ? {} : value;
}

/** Ends early beyond the limit: what is counted may be far larger. */
function countValues(value: unknown): number {
  const open: unknown[] = [value];
  let count = 0;
  while (open.length > 0 && count <= limits.objectValues) {
    const next = open.pop();
    count += 1;
    if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (isObject(next)) for (const item of Object.values(next)) open.push(item);
  }
  return count;
}
