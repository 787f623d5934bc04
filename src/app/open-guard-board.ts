import type { Logger } from 'pino';
import type { GuardBoard } from '../source/shrink/guard-board.ts';
import { GuardBoardConfigMap } from '../source/shrink/guard-board-config-map.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sources } from './create-sources.ts';

/** Beside a ledger that several replicas share; undefined beside a file, which one process has for itself. */
export function openGuardBoard(
  { ledger }: Settings,
  { clusters }: Sources,
  log: Logger,
): GuardBoard | undefined {
  const client = 'file' in ledger ? undefined : clusters.get(ledger.source)?.client;
  if ('file' in ledger || client === undefined) return undefined;
  const { namespace, name } = ledger.configMap;
  return new GuardBoardConfigMap({ client, namespace, name: `${name}-guard`, log });
}
