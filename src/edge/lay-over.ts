import { isObject } from '../lib/raw-object.ts';
import { processConfig, type EdgeBank, type ProcessConfig } from './edge-answer.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A static configuration with what the operator of the host wants besides, such as an access log. An entryPoint that the bank does
 * not have is more of bank 0, if it has an address: two processes cannot both have it.
 */
export function layOver(config: ProcessConfig, more: Fields, bank: number): ProcessConfig {
  const { entryPoints: _, ...others } = more;
  const known = listEntryPoints(more).filter(
    ([name, { address }]) => name in config.entryPoints || (bank === 0 && typeof address === 'string'),
  );
  return processConfig.parse(merge(config, { ...others, entryPoints: Object.fromEntries(known) }));
}

/** The entryPoints that are named in `more` and come to nothing: no bank has them, and they have no address of their own. */
export function findUnknownEntryPoints(more: Fields, banks: readonly EdgeBank[]): readonly string[] {
  return listEntryPoints(more)
    .filter(([, { address }]) => typeof address !== 'string')
    .map(([name]) => name)
    .filter((name) => !banks.some(({ config }) => name in config.entryPoints));
}

function listEntryPoints({ entryPoints }: Fields): readonly (readonly [string, Fields])[] {
  return Object.entries(isObject(entryPoints) ? entryPoints : {}).map(([name, fields]) => [
    name,
    isObject(fields) ? fields : {},
  ]);
}

/** Fields of maps are merged; of anything else the second counts. */
function merge(first: Fields, second: Fields): Fields {
  const merged: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}
