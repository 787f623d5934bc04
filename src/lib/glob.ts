/**
 * Whether a pattern, in which each `*` stands for any characters or none, matches a whole text. Looks for what stands between two
 * `*` once, from left to right, and never goes back: patterns and texts may be a tenant's.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether there is a text that both patterns match. Its time is the product of their lengths. */
export function globsMeet(a: string, b: string): boolean {
  // Whether the rests from two positions on meet, from the ends forward.
  let next: boolean[] = [];
  for (let at = a.length; at >= 0; at -= 1) {
    const row: boolean[] = [];
    for (let other = b.length; other >= 0; other -= 1) {
      const [here, there] = [a[at], b[other]];
      const skipsA = next[other] ?? false;
      const skipsB = row[other + 1] ?? false;
      if (here === undefined && there === undefined) row[other] = true;
      else if (here === '*' || there === '*') row[other] = skipsA || skipsB;
      else row[other] = here === there && (next[other + 1] ?? false);
    }
    next = row;
  }
  return next[0] ?? false;
}
