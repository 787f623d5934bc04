/** Rows in columns as wide as their widest cell, two blanks apart. Ends with a line break; empty without rows. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const printable = rows.map((row) => row.map(toPrintable));
  const widths: number[] = [];
  for (const row of printable) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return printable
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A text of a tenant on a terminal: control characters, which could rewrite what stands above, as their escapes. */
export function toPrintable(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}
