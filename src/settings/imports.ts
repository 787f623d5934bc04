import type { PoolProtocol } from '../model/port.ts';

/** Where the entries of an import stand: in a ConfigMap of its source, or in a file, whose entries are those of the last start. */
export type ImportPlace =
  | { readonly kind: 'configMap'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly entries: readonly ImportEntry[] };

/** One key and its value, as they are written: `9000` and `ns/svc:3306`. */
export type ImportEntry = readonly [key: string, value: string];

/** TCP or UDP services of ingress-nginx. */
export interface ImportSettings {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  /** Of the Services, and of the ConfigMap. */
  readonly source: string;
  readonly place: ImportPlace;
}
