import { isNode, LineCounter, parseDocument, type Document } from 'yaml';

/** Counted from 1, as editors do. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** JSON is YAML, and this parser knows where things are. Only for text that is wrong: it is slow. */
function parse(text: string): { readonly document: Document; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  return { document, lines };
}

/** Where `JSON.parse` gave up, from the message of its error; undefined when that is not known. */
export function findSyntaxError(text: string, message: string): TextPlace | undefined {
  // Not every Node.js says the position.
  const position = /at position (\d+)/.exec(message)?.[1];
  const { document, lines } = parse(text);
  const offset = position === undefined ? document.errors[0]?.pos[0] : Number(position);
  return offset === undefined ? undefined : toTextPlace(lines, offset);
}

/** The first key that stands twice in one object. `JSON.parse` silently takes the last one. */
export function findDuplicateKey(text: string): TextPlace | undefined {
  const { document, lines } = parse(text);
  const twice = document.errors.find(({ code }) => code === 'DUPLICATE_KEY');
  return twice && toTextPlace(lines, twice.pos[0]);
}

/** Where a value stands, or the innermost thing around it that there is. */
export function findValue(text: string, path: readonly PropertyKey[]): TextPlace | undefined {
  const { document, lines } = parse(text);
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return toTextPlace(lines, node.range[0]);
  }
  return undefined;
}

function toTextPlace(lines: LineCounter, offset: number): TextPlace | undefined {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? undefined : { line, column: col };
}
