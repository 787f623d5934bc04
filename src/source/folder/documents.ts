import type { ValuePath } from '../../kinds/expand-list.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { findElements, findInJson, splitJson } from './json-scanner.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFault } from './manifest-fault.ts';
import { toYamlDocuments } from './yaml-documents.ts';

/**
 * The documents of a manifest file, by the ending of its name. Nothing of what it yields shares memory with the text.
 * @throws ManifestFault at the first fault of the text.
 */
export async function* toDocuments(
  text: string,
  file: string,
  breathe: TimeSlice,
): AsyncGenerator<ManifestDocument> {
  if (!file.endsWith('.json')) {
    yield* toYamlDocuments(text, breathe);
    return;
  }
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  for (const { start, end, repeated } of splitJson(text.slice(mark))) {
    const document = toJsonDocument(text.slice(mark + start, mark + end), mark + start);
    yield { ...document, repeated: repeated.map(({ key, offset }) => ({ key, offset: mark + offset })) };
    await breathe();
  }
}

function toJsonDocument(text: string, base: number): Omit<ManifestDocument, 'repeated'> {
  let items: readonly number[] | undefined;
  const find = (path: ValuePath): number => {
    const [first, index, ...rest] = path;
    if (first !== 'items' || typeof index !== 'number') return findInJson(text, path);
    // A list may have 10,000 items: those before the wanted one are passed over once, not each time.
    items ??= findElements(text, ['items']);
    const start = items[index];
    return start === undefined ? findInJson(text, ['items']) : findInJson(text, rest, start);
  };
  return { value: toJson(text), offsetOf: (path) => base + find(path) };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The check has passed, so this is a fault that it does not know; the message of V8 could quote the text.
    throw new ManifestFault('This is not valid JSON.', 0);
  }
}
