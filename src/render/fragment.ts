import type { Elements, Section } from '../traefik/sections.ts';
import { toStableJson } from '../traefik/stable-json.ts';

/** One element of Traefik's dynamic configuration as text, ready to be joined with others. */
export interface Fragment {
  readonly section: Section;
  /** What it is sorted by. */
  readonly key: string;
  /** `"key":value`, or the value alone in a section that is a list. */
  readonly member: string;
}

/** One element before it is text. */
export type Element = {
  [S in Section]: { readonly section: S; readonly key: string; readonly value: Elements[S] };
}[Section];

export function isListSection(section: Section): boolean {
  return section === 'tls.certificates';
}

export function toFragment({ section, key }: Element, value: object): Fragment {
  const json = toStableJson(value);
  // Joined, and not added up: V8 keeps a text that was added up as a tree of its parts, several times as large.
  return { section, key, member: isListSection(section) ? json : [JSON.stringify(key), json].join(':') };
}

/** The element that a fragment was made of: what is in a document has passed the schema of its section. */
export function toElement({ section, key, member }: Fragment): Element {
  const value: unknown = JSON.parse(
    member.slice(isListSection(section) ? 0 : JSON.stringify(key).length + 1),
  );
  return { section, key, value } as Element;
}
