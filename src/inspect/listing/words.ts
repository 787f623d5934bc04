/** More words, and longer ones, nobody types; whoever sends them is to cost nothing more for it. */
const most = { words: 8, length: 200 };

/** What a text searches for: its words, in lower case. */
export function toWords(text: string): readonly string[] {
  return text
    .slice(0, most.words * most.length)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, most.words)
    .map((word) => word.slice(0, most.length));
}

/** Whether each of the words occurs in a text that is in lower case. */
export function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
