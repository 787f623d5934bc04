/** Any value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Picks one of so many ways. */
export type Choose = (ways: number) => number;

/**
 * Writes a value as YAML, in ways that no tidy emitter would choose, and that every reader of Kubernetes takes. What is `loose` goes on in
 * columns that YAML's letter forbids.
 */
export function toOddYaml(value: Json, loose: boolean, choose: Choose): string {
  const emitter = new Emitter(loose, choose);
  const body = emitter.node(value, -1).replace(/^[ \n]/, '');
  const text = `${choose(4) === 0 ? '\uFEFF' : ''}${choose(3) === 0 ? '--- # one\n' : ''}${body}\n`;
  return choose(4) === 0 ? text.replaceAll('\n', '\r\n') : text;
}

class Emitter {
  readonly #loose: boolean;
  readonly #choose: Choose;

  constructor(loose: boolean, choose: Choose) {
    this.#loose = loose;
    this.#choose = choose;
  }

  /** What follows a key or a dash whose own column is `column`: a blank or a line break comes first. */
  node(value: Json, column: number, inList = false): string {
    if (typeof value === 'string') return ` ${this.#text(value, column)}`;
    if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}`;
    const isEmpty = Object.keys(value).length === 0;
    if (isEmpty || this.#choose(3) === 0) return ` ${this.#flow(value, column)}`;
    return isList(value) ? this.#list(value, column, inList) : this.#mapping(value, column);
  }

  #mapping(value: Readonly<Record<string, Json>>, column: number): string {
    const inner = column + 1 + this.#choose(3);
    const entries = Object.entries(value).map(([key, item]) => {
      return `\n${this.#gap()}${' '.repeat(inner)}${this.#key(key)}:${this.node(item, inner)}${this.#comment(item)}`;
    });
    return entries.join('');
  }

  #list(value: readonly Json[], column: number, inList: boolean): string {
    // Items may stand in the column of their key, but not in that of the dash before them.
    const inner = Math.max(0, column + (inList ? 1 : 0) + this.#choose(3));
    return value
      .map(
        (item) =>
          `\n${this.#gap()}${' '.repeat(inner)}-${this.node(item, inner, true)}${this.#comment(item)}`,
      )
      .join('');
  }

  #flow(value: Json, column: number): string {
    if (typeof value === 'string') return this.#text(value, column, true);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const blank = (): string => this.#blank(column);
    if (isList(value)) {
      const items = value.map((item) => `${blank()}${this.#flow(item, column)}${blank()}`);
      return `[${items.join(',')}]`;
    }
    const entries = Object.entries(value).map(([key, item]) => {
      return `${blank()}${this.#key(key)}:${blank() || ' '}${this.#flow(item, column)}${blank()}`;
    });
    return `{${entries.join(',')}}`;
  }

  /** Between the parts of a flow: nothing, blanks, a comment, lines in any column. */
  #blank(column: number): string {
    const indent = ' '.repeat(this.#least(column) + this.#choose(5));
    return ['', ' ', `\n${indent}`, ` # ] }\n${indent}`, `\n\n${indent}`][this.#choose(5)] ?? '';
  }

  /** The first column in which a flow or a quoted text may go on. */
  #least(column: number): number {
    return this.#loose ? 0 : column + 1;
  }

  #key(key: string): string {
    return /^[a-z]+$/.test(key) && this.#choose(2) === 0 && !isWord(key) ? key : JSON.stringify(key);
  }

  #text(text: string, column: number, inFlow = false): string {
    const ways = ['double', 'single', ...(isPlain(text) ? ['plain'] : []), ...(inFlow ? [] : ['block'])];
    switch (ways[this.#choose(ways.length)]) {
      case 'plain':
        return inFlow ? text : this.#fold(text, column + 1);
      case 'single':
        return `'${this.#fold(text.replaceAll("'", "''").replaceAll('\n', `\n\n${' '.repeat(this.#least(column))}`), this.#least(column))}'`;
      case 'block':
        if (/^[^\s'"][^\n]*\n$/.test(text) && column >= 0)
          return `|\n${' '.repeat(column + 2)}${text.trimEnd()}`;
        return JSON.stringify(text);
      default:
        return `"${this.#fold(JSON.stringify(text).slice(1, -1), this.#least(column))}"`;
    }
  }

  /** Goes on in another line at blanks between words; in quotation marks at any column, else behind that of the key. */
  #fold(text: string, least: number): string {
    return text.replaceAll(/(?<=[a-z]) (?=[a-z])/g, () => {
      return this.#choose(2) === 0 ? ' ' : `\n${' '.repeat(Math.max(0, least) + this.#choose(4))}`;
    });
  }

  #gap(): string {
    return ['', '', '# comment\n', '\n'][this.#choose(4)] ?? '';
  }

  #comment(item: Json): string {
    const isShort = typeof item === 'number' || typeof item === 'boolean';
    return isShort && this.#choose(4) === 0 ? ' # comment' : '';
  }
}

function isList(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}

function isPlain(text: string): boolean {
  return /^[a-z]+(?: [a-z]+)*$/.test(text) && !isWord(text);
}

function isWord(text: string): boolean {
  return /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
}
