import { accept, quote, refuse, type Parser } from '../parsers.ts';

/** A directive of nginx as it is written, such as `add_header X-Frame-Options DENY;`. */
export interface NginxDirective {
  readonly name: string;
  /** Without quotes. */
  readonly args: readonly string[];
  /** Set: braces follow, whose content is not looked at. */
  readonly hasBlock?: true;
}

const mostDirectives = 100;
const mostArgs = 20;
/** With what stands in braces. */
const mostTokens = 5_000;

/** A word, a text in quotes, an end of a directive, a brace; comments and white space are passed over. */
type Token = { readonly kind: 'text'; readonly value: string } | { readonly kind: ';' | '{' | '}' };

/**
 * Parses a snippet of nginx into directives. It looks at each character once, and at no more than a hundred directives; what stands in
 * braces is passed over, since nothing in it can be carried out.
 */
export const snippet: Parser<readonly NginxDirective[]> = (text) => {
  const tokens = tokenize(text);
  if (typeof tokens === 'string') return refuse(`it is no nginx configuration: ${tokens}`, hint);
  const directives: NginxDirective[] = [];
  let words: string[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === '{') depth += 1;
    else if (token.kind === '}') depth -= 1;
    if (depth < 0) return refuse('it is no nginx configuration: a closing brace has no opening one', hint);
    const isEnd = token.kind === ';' || (token.kind === '{' && depth === 1);
    if (depth > 0 && !(token.kind === '{' && depth === 1)) continue;
    if (token.kind === 'text') words.push(token.value);
    else if (isEnd) {
      const [name, ...args] = words;
      if (name !== undefined) directives.push({ name, args, ...(token.kind === '{' && { hasBlock: true }) });
      words = [];
    }
    if (words.length > mostArgs || directives.length > mostDirectives)
      return refuse(`it has more than ${mostDirectives} directives, or ${mostArgs} words in one`, hint);
  }
  if (depth > 0 || words.length > 0)
    return refuse(`it is no nginx configuration: it ends within ${quote(words[0] ?? '{')}`, hint);
  return accept(directives);
};

const hint = 'Use annotations that do the same, and remove it.';

/** Why a text has no tokens, or these. */
function tokenize(text: string): readonly Token[] | string {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (tokens.length > mostTokens) return `it has more than ${mostTokens} words`;
    const character = text.charAt(at);
    if (isSpace(character)) at += 1;
    else if (character === '#') at = endOf(text, at, '\n');
    else if (character === ';' || character === '{' || character === '}') {
      tokens.push({ kind: character });
      at += 1;
    } else {
      const read = character === '"' || character === "'" ? readQuoted(text, at) : readWord(text, at);
      if (read === undefined) return 'a quote is not closed';
      tokens.push({ kind: 'text', value: read.value });
      at = read.end;
    }
  }
  return tokens;
}

/** What separates words in nginx. */
function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function endOf(text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + 1;
}

interface Read {
  readonly value: string;
  readonly end: number;
}

function readQuoted(text: string, from: number): Read | undefined {
  const mark = text.charAt(from);
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === mark) return { value, end: at + 1 };
    const next = text.charAt(at + 1);
    // Only these are escapes to nginx; a regular expression keeps its others.
    if (character === '\\' && (next === mark || next === '\\')) {
      value += next;
      at += 1;
    } else value += character;
  }
  return undefined;
}

/** Up to white space, an end or a brace; `${name}` is a part of a word, and so is a brace of a regular expression behind a character. */
function readWord(text: string, from: number): Read {
  let at = from;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '$' && text.charAt(at + 1) === '{') at = endOf(text, at, '}') - 1;
    else if (character === ';' || character === '{' || isSpace(character)) break;
  }
  return { value: text.slice(from, at), end: at };
}
