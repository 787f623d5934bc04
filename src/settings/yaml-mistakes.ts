import type { YAMLParseError } from 'yaml';
import type { Mistake } from './mistake.ts';

type Said = Pick<Mistake, 'got' | 'hint' | 'message'>;

/** What the errors of the YAML parser mean for who wrote the file: one mistake for each place, the first that is said of it. */
export function toYamlMistakes(
  errors: readonly YAMLParseError[],
  text: string,
  toWhere: (offset: number) => string,
): Mistake[] {
  const mistakes = new Map<string, Mistake>();
  for (const { code, message, pos } of errors) {
    const said = toSaid(code, message);
    // A parser that stumbles over the indentation points before it.
    const offset = said.message === misplaced ? skipSpaces(text, pos[0]) : pos[0];
    const where = toWhere(offset);
    if (!mistakes.has(where)) mistakes.set(where, { path: [], where, ...said });
  }
  return [...mistakes.values()];
}

const misplaced = 'stands in a column in which nothing above it stands';

function toSaid(code: YAMLParseError['code'], message: string): Said {
  const [sentence = message] = message.split('\n');
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        message: 'begins a second document',
        hint: 'keep one document, without --- in between',
      };
    case 'TAB_AS_INDENT':
      return { message: 'is indented with a tab', hint: 'indent with spaces' };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'has a value, and then another field in it',
        hint: 'indent the line below it as the one above, or put a text with ": " in it in quotes',
      };
    default:
      // The second: a field of a list item that is a column to the left.
      if (/^All \w+ items must start at the same column|^Sequence item without/.test(sentence))
        return { message: misplaced, hint: 'indent it by as many spaces as the fields beside it' };
      return {
        message: 'is not valid YAML',
        got: sentence,
        hint: 'mend the syntax; texts with special characters go in quotes',
      };
  }
}

function skipSpaces(text: string, offset: number): number {
  let end = offset;
  while (text[end] === ' ') end += 1;
  return end;
}
