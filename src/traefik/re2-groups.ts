/** What stands in each capturing group of a regular expression that `re2Mistake` has found well, in the order of their numbers. */
export function listGroups(pattern: string): readonly string[] {
  const groups: { readonly start: number; end: number }[] = [];
  const open: (number | undefined)[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '[') at = endOfClass(pattern, at);
    else if (character === '(') {
      const name = /^\(\?P?<[A-Za-z_]\w{0,100}>/.exec(pattern.slice(at, at + 110))?.[0];
      const captures = name !== undefined || pattern.charAt(at + 1) !== '?';
      open.push(captures ? groups.push({ start: at + (name?.length ?? 1), end: at }) - 1 : undefined);
    } else if (character === ')') {
      const index = open.pop();
      const group = index === undefined ? undefined : groups[index];
      if (group !== undefined) group.end = at;
    }
  }
  return groups.map(({ start, end }) => pattern.slice(start, end));
}

/** Where the class that begins here ends: a bracket that stands first in it means itself. */
function endOfClass(pattern: string, from: number): number {
  let at = from + 1;
  if (pattern.charAt(at) === '^') at += 1;
  if (pattern.charAt(at) === ']') at += 1;
  for (; at < pattern.length && pattern.charAt(at) !== ']'; at++) {
    if (pattern.charAt(at) === '\\') at += 1;
    const named = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1;
    if (named > 0) at = named + 1;
  }
  return at;
}

/** A text as a regular expression that matches it alone. */
export function escapeRe2(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
