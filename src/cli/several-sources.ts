/** Whether rows come from more than one source: then an object alone does not say which one it is. */
export function haveSeveralSources(rows: readonly { readonly source: string }[]): boolean {
  return new Set(rows.map(({ source }) => source).filter((source) => source !== '')).size > 1;
}
