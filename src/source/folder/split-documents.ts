/** A part of a text with one document, or with several that `...` divides. */
export interface Chunk {
  /** Where it starts in the text. */
  readonly start: number;
  readonly content: string;
}

const mark = /^\uFEFF?---(?=[ \t\n]|\r\n|$)/;
/** A mark with nothing on its line but a comment. */
const bareMark = /^\uFEFF?---[ \t]*(?:#[^\n]*|\r)?\n/;
const onlyDirectives = /^(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)*%[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*$/;

/**
 * Divides a YAML text at the marks of its documents, as kubectl does: then a byte order mark, which is left of putting files together, may stand
 * at the start of each. A carriage return alone ends a line as well, as it did on old machines. Offsets stay as they are.
 */
export function* splitDocuments(text: string): Generator<Chunk> {
  const source = text.includes('\r') ? text.replaceAll(/\r(?!\n)/g, '\n') : text;
  let start = 0;
  for (let at = findMark(source, 0); ; at = findMark(source, at + 1)) {
    const end = at === -1 ? source.length : at;
    // Directives belong to the document behind the mark.
    const held = at !== -1 && end - start < 1_000 && onlyDirectives.test(source.slice(start, end));
    if (end > start && !held) {
      const skipped = countSkipped(source, start);
      yield { start: start + skipped, content: source.slice(start + skipped, end) };
      start = end;
    }
    if (at === -1) return;
  }
}

/** Where the next mark stands, behind the first character. */
function findMark(text: string, from: number): number {
  for (let at = text.indexOf('---', from); at !== -1; at = text.indexOf('---', at + 3)) {
    const start = text[at - 1] === '\uFEFF' ? at - 1 : at;
    const isAtLineStart = start > 0 && text[start - 1] === '\n';
    if (isAtLineStart && start >= from && mark.test(text.slice(start, at + 5))) return start;
  }
  return -1;
}

/** How much at the start of a chunk is nothing but a mark and byte order marks. */
function countSkipped(text: string, start: number): number {
  const head = text.slice(start, start + 1_000);
  const bare = bareMark.exec(head)?.[0].length ?? 0;
  const rest = head.slice(bare);
  return bare + (rest.startsWith('\uFEFF') ? 1 : 0);
}
