import { compareText } from '../model/object-ref.ts';
import type { Section } from '../traefik/sections.ts';
import { isListSection, type Fragment } from './fragment.ts';
import { SectionTable } from './section-table.ts';

/**
 * The fragments of one fleet's document, kept in order, so that a change costs only itself and one join.
 * Several owners may contribute the same key (two Ingresses that lead to one Service); the text of the first owner in
 * code-unit order counts, and they only ever differ by a defect.
 */
export class Fragments {
  readonly #tables = new Map<Section, SectionTable>();
  readonly #byOwner = new Map<string, readonly Fragment[]>();

  /** Puts the fragments of an owner in place of its former ones. Returns whether the document may have changed. */
  replace(owner: string, next: readonly Fragment[]): boolean {
    const former = this.#byOwner.get(owner) ?? [];
    if (former.length === next.length && former.every((each, index) => isSame(each, next[index])))
      return false;
    for (const { section, key } of former) this.#tables.get(section)?.remove(key, owner);
    for (const { section, key, member } of next) this.#table(section).add(key, owner, member);
    if (next.length > 0) this.#byOwner.set(owner, next);
    else this.#byOwner.delete(owner);
    return true;
  }

  /** The whole document as JSON. Sections without fragments are left out: an empty one makes Traefik refuse everything. */
  toBody(): Buffer {
    const roots = new Map<string, Buffer[]>();
    for (const section of [...this.#tables.keys()].sort(compareText)) {
      const pieces = this.#tables.get(section)?.toPieces() ?? [];
      if (pieces.length === 0) continue;
      const [root = '', name = ''] = section.split('.');
      const [open, close] = isListSection(section) ? ['[', ']'] : ['{', '}'];
      const before = roots.get(root);
      const start = `${before === undefined ? '' : ','}${JSON.stringify(name)}:${open}`;
      roots.set(root, [...(before ?? []), Buffer.from(start), ...pieces, Buffer.from(close)]);
    }
    const bodies = [...roots].flatMap(([root, pieces], index) => [
      Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(root)}:{`),
      ...pieces,
      Buffer.from('}'),
    ]);
    return Buffer.concat([Buffer.from('{'), ...bodies, Buffer.from('}')]);
  }

  #table(section: Section): SectionTable {
    let table = this.#tables.get(section);
    if (table === undefined) this.#tables.set(section, (table = new SectionTable()));
    return table;
  }
}

function isSame(a: Fragment, b: Fragment | undefined): boolean {
  return a.key === b?.key && a.section === b.section && a.member === b.member;
}
