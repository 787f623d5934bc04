/** What ends the text that a regular expression begins with. */
const special = /[.^$*+?()[\]{}|\\\p{C}\p{Z}]/u;
/** Quotation, and the mode in which white space and comments mean nothing: then nothing stands for itself. */
const unclear = /\\Q|\(\?\^?[a-z-]*x/i;
/** With one of these the character before it need not be there. */
const optional = /[*?{]/;

/**
 * What every text begins with that begins with a match of a regular expression, as far as that can be told without understanding it:
 * it may be none of RE2, but one of PCRE. Empty where nothing can be told.
 */
export function toLiteralPrefix(pattern: string): string {
  const text = pattern.startsWith('^') ? pattern.slice(1) : pattern;
  if (unclear.test(text) || hasAlternatives(text)) return '';
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const [character, next] = readCharacter(text, at);
    if (character === undefined) break;
    if (optional.test(text.charAt(next))) break;
    literal += character;
    at = next;
  }
  return literal;
}

/** A character that stands for itself, and where the next one begins. An escaped one does when it is no letter and no digit. */
function readCharacter(text: string, at: number): readonly [string | undefined, number] {
  const isEscaped = text.charAt(at) === '\\';
  const start = isEscaped ? at + 1 : at;
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const isItself = isEscaped ? /[!-/:-@[-`{-~]/.test(character) : !special.test(character);
  return [isItself ? character : undefined, start + character.length];
}

/** Whether there is a `|` that may stand outside of all groups. */
function hasAlternatives(text: string): boolean {
  const bare = text
    .replaceAll(/\\[\s\S]?/g, '')
    // With a bracket that is not closed it ends at the end.
    .replaceAll(/\[\^?\]?[^\]]*(\]|$)/g, '');
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth <= 0) return true;
  }
  return false;
}
