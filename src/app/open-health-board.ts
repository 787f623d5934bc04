import type { Logger } from 'pino';
import type { HealthBoard } from '../health/board.ts';
import { BoardConfigMap } from '../health/board-config-map.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sources } from './create-sources.ts';

/** Beside a ledger that several replicas share; undefined beside a file, which one process has for itself. */
export function openHealthBoard(
  { ledger }: Settings,
  { clusters }: Sources,
  log: Logger,
): HealthBoard | undefined {
  const client = 'file' in ledger ? undefined : clusters.get(ledger.source)?.client;
  if ('file' in ledger || client === undefined) return undefined;
  const { namespace, name } = ledger.configMap;
  return new BoardConfigMap({ client, namespace, name: `${name}-health`, log });
}
