import type { ValuePath } from '../../kinds/expand-list.ts';
import type { LineAndColumn } from '../../lib/text-lines.ts';
import type { Place, TextFault, WrittenObject } from './manifest-text.ts';

/** A field of an object in a file. */
export interface WantedLine {
  readonly place: Place;
  readonly field: ValuePath;
}

/** What the thread that reads large files is asked, one after the other. */
export type ParserRequest =
  | { readonly kind: 'open'; readonly absolute: string }
  /** The next objects of the file that is open, so few that taking them over holds up nobody. */
  | { readonly kind: 'next' }
  | { readonly kind: 'locate'; readonly wanted: readonly WantedLine[] }
  | { readonly kind: 'close' };

export type ParserAnswer =
  | { readonly kind: 'opened'; readonly fault?: TextFault; readonly notes: readonly TextFault[] }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'objects'; readonly objects: readonly WrittenObject[] }
  | { readonly kind: 'lines'; readonly lines: readonly LineAndColumn[] }
  | { readonly kind: 'closed' };
