import { toErrorCode } from '../../lib/error-text.ts';
import { readRegularFile } from '../../lib/read-regular-file.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { toManifestText, type ManifestText, type TextFault } from './manifest-text.ts';

/** What came of opening a file: its text, or the code of the error that keeps it from being read. */
export type Opening =
  | { readonly kind: 'text'; readonly text: ManifestText }
  | { readonly kind: 'fault'; readonly fault: TextFault }
  | { readonly kind: 'unreadable'; readonly code: string };

/** Reads a manifest file of at most `limit` bytes and takes it apart. Never rejects. */
export async function openManifest(absolute: string, limit: number, breathe: TimeSlice): Promise<Opening> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(absolute, limit);
  } catch (error) {
    return { kind: 'unreadable', code: toErrorCode(error) ?? 'an unknown fault' };
  }
  try {
    const text = new TextDecoder(toEncoding(bytes), { fatal: true }).decode(bytes);
    return { kind: 'text', text: await toManifestText(text, absolute, breathe) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'fault', fault: toFault('The file is not UTF-8 text.', 'Save it as UTF-8.') };
  }
}

/** As editors of Windows mark it; everything else is UTF-8. */
function toEncoding([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** A fault of a file as a whole. */
export function toFault(message: string, hint: string): TextFault {
  return { message, hint, at: { line: 1, column: 1 } };
}
