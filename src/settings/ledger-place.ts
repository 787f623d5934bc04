import type { Mistake } from './mistake.ts';
import type { FileSettings } from './schema.ts';

/** The cluster source that holds the ledger when it is a ConfigMap: the one that is named, else the first. */
export function findLedgerSource({
  ledger,
  sources,
}: Pick<FileSettings, 'ledger' | 'sources'>): string | undefined {
  const clusters = sources.filter((source) => source.kubernetes !== undefined).map((source) => source.name);
  return ledger.source === undefined ? clusters[0] : clusters.find((name) => name === ledger.source);
}

/** A ledger in a cluster that none of the sources is. */
export function findLedgerMistakes(file: Pick<FileSettings, 'ledger' | 'sources'>): Mistake[] {
  const { configMap, source } = file.ledger;
  if ((configMap === undefined && source === undefined) || findLedgerSource(file) !== undefined) return [];
  return source === undefined
    ? [
        {
          path: ['ledger', 'configMap'],
          message: 'is in a cluster, and no source is one',
          hint: 'use file: ./fairlead-ports.json',
        },
      ]
    : [
        {
          path: ['ledger', 'source'],
          message: 'is not the name of a cluster source',
          got: JSON.stringify(source),
          hint: 'name a source that has kubernetes',
        },
      ];
}
