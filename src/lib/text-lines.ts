/** A place in a text: counted from 1, as editors do. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/**
 * OnePerTurn offsets of one text into lines and columns. The lines are found once, at the first call. What is behind the text, where
 * parsers miss what should still come, counts as the end of its last line: no editor shows the empty one after the last break.
 */
export function toLineFinder(text: string): (offset: number) => LineAndColumn {
  let starts: readonly number[] | undefined;
  const end = text.trimEnd().length;
  return (offset) => {
    starts ??= toLineStarts(text);
    const place = Math.min(offset, end);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: place - (starts[low] ?? 0) + 1 };
  };
}

function toLineStarts(text: string): readonly number[] {
  const starts = [0];
  // A carriage return alone ends a line as well.
  for (const { 0: end, index } of text.matchAll(/\r?\n|\r/g)) starts.push(index + end.length);
  return starts;
}
