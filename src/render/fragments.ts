import { compareText } from '../model/object-ref.ts';
import type { Section } from '../traefik/sections.ts';
import { isListSection, type Fragment } from './fragment.ts';
import { SectionTable } from './section-table.ts';

/** How many routers of a protocol there are. */
export interface RouterCount {
  readonly protocol: 'http' | 'tcp' | 'udp';
  readonly count: number;
}

/** Which router of a document. */
export interface RouterName {
  readonly protocol: RouterCount['protocol'];
  readonly router: string;
}

/** A fragment that stands in a document, and whose it is. */
export interface Contribution {
  readonly owner: string;
  readonly fragment: Fragment;
}

/**
 * The fragments of one fleet's document, kept in order, so that a change costs only itself and one join.
 * Several owners may contribute the same key (two Ingresses that lead to one Service); the text of the first owner in
 * code-unit order counts, and they only ever differ by a defect.
 */
export class Fragments {
  readonly #tables = new Map<Section, readonly SectionTable[]>();
  readonly #byOwner = new Map<string, readonly Fragment[]>();
  readonly #shards: number;

  /**
   * @param shards Into how many parts each map is divided, 1 to 64. Traefik reads names of fields without regard to case and
   * puts parts of one map together again, but its decoder's cost is quadratic in the entries of each part.
   */
  constructor(shards = 1) {
    this.#shards = shards;
  }

  /** Puts the fragments of an owner in place of its former ones. Returns whether the document may have changed. */
  replace(owner: string, next: readonly Fragment[]): boolean {
    const former = this.#byOwner.get(owner) ?? [];
    if (former.length === next.length && former.every((each, index) => isSame(each, next[index])))
      return false;
    for (const { section, key } of former) this.#table(section, key).remove(key, owner);
    for (const { section, key, member } of next) this.#table(section, key).add(key, owner, member);
    if (next.length > 0) this.#byOwner.set(owner, next);
    else this.#byOwner.delete(owner);
    return true;
  }

  /** What an owner adds to the document. */
  of(owner: string): readonly Fragment[] {
    return this.#byOwner.get(owner) ?? [];
  }

  /** What stands in the document, each key once: with the owner whose text counts. In no order. */
  *contributed(): IterableIterator<Contribution> {
    const seen = new Set<string>();
    for (const owner of [...this.#byOwner.keys()].sort(compareText)) {
      for (const fragment of this.of(owner)) {
        const place = `${fragment.section} ${fragment.key}`;
        if (!seen.has(place)) yield { owner, fragment };
        seen.add(place);
      }
    }
  }

  /** Who contributes a router. */
  routerOwner({ protocol, router: key }: RouterName): string | undefined {
    const tables = this.#tables.get(`${protocol}.routers`) ?? [];
    return tables[toShard(key, tables.length)]?.ownerOf(key);
  }

  countRouters(): readonly RouterCount[] {
    return (['http', 'tcp', 'udp'] as const).map((protocol) => {
      const tables = this.#tables.get(`${protocol}.routers`) ?? [];
      return { protocol, count: tables.reduce((sum, table) => sum + table.size, 0) };
    });
  }

  /** The whole document as JSON. Sections without fragments are left out: an empty one makes Traefik refuse everything. */
  toBody(): Buffer {
    return Buffer.concat(this.toPieces());
  }

  /** The same in pieces, in order, for whoever has something to add: a whole document is long, and is put together once. */
  toPieces(): readonly Buffer[] {
    const roots = new Map<string, Buffer[]>();
    for (const section of [...this.#tables.keys()].sort(compareText)) {
      const [root = '', name = ''] = section.split('.');
      for (const [shard, table] of this.#tables.get(section)?.entries() ?? []) {
        const pieces = table.toPieces();
        if (pieces.length === 0) continue;
        const [open, close] = isListSection(section) ? ['[', ']'] : ['{', '}'];
        const before = roots.get(root);
        const start = `${before === undefined ? '' : ','}${JSON.stringify(toSpelling(name, shard))}:${open}`;
        roots.set(root, [...(before ?? []), Buffer.from(start), ...pieces, Buffer.from(close)]);
      }
    }
    const bodies = [...roots].flatMap(([root, pieces], index) => [
      Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(root)}:{`),
      ...pieces,
      Buffer.from('}'),
    ]);
    return [Buffer.from('{'), ...bodies, Buffer.from('}')];
  }

  #table(section: Section, key: string): SectionTable {
    let tables = this.#tables.get(section);
    if (tables === undefined) {
      const count = isListSection(section) ? 1 : this.#shards;
      this.#tables.set(section, (tables = Array.from({ length: count }, () => new SectionTable())));
    }
    const table = tables[toShard(key, tables.length)];
    if (table === undefined) throw new Error(`there is no shard for ${key}`);
    return table;
  }
}

/** By the key alone: the same on every replica, whatever came before. FNV-1a, since it has to be fast and no more. */
function toShard(key: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % shards;
}

/** `routers`, `Routers`, `rOuters`, `ROuters`…: the bits of the number say which letters are capitals. */
function toSpelling(name: string, shard: number): string {
  return Array.from(name)
    .map((letter, index) => (((shard >> index) & 1) === 1 ? letter.toUpperCase() : letter))
    .join('');
}

function isSame(a: Fragment, b: Fragment | undefined): boolean {
  return a.key === b?.key && a.section === b.section && a.member === b.member;
}
