/** One element of the dynamic configuration as it is shown: without secrets. */
export interface ElementRow {
  readonly fleet: string;
  readonly bank: number;
  /** Such as `http.routers`. */
  readonly section: string;
  readonly key: string;
  readonly value: unknown;
  /** The object that it is there for, as `Kind/namespace/name`; of several the first. Empty for what no object asks for. */
  readonly object: string;
  readonly source: string;
}

/** What Traefiks are given now. */
export interface Answer {
  /** By their bytes: two that differ in nothing that is shown may differ in secrets. */
  readonly documents: readonly {
    readonly fleet: string;
    readonly bank: number;
    readonly revision: string;
  }[];
  readonly elements: readonly ElementRow[];
}
