/**
 * The parts as one text. Joined, and not added up: V8 keeps a text that was added up as a tree of its parts, several times as large, which
 * counts where there are tens of thousands.
 */
export function toFlatText(...parts: readonly (number | string)[]): string {
  return parts.join('');
}
