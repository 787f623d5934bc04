import { join } from 'node:path';
import type { Logger } from 'pino';
import type { SharedLedger } from '../control-plane/port-keeper.ts';
import { openLedgerConfigMap } from '../ports/ledger/configmap.ts';
import { withCopy } from '../ports/ledger/ledger-copy.ts';
import { openLedgerFile } from '../ports/ledger/file.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sources } from './create-sources.ts';

/** The ledger of a configuration. Only a writer of a file owns it. @throws LedgerUnavailableError when it cannot be opened. */
export async function openLedger(
  settings: Settings,
  { clusters }: Sources,
  log: Logger,
  { readOnly }: { readonly readOnly: boolean },
): Promise<SharedLedger> {
  const { ledger, lastKnownGood } = settings;
  if ('file' in ledger) return openLedgerFile(ledger.file, { readOnly });
  const client = clusters.get(ledger.source)?.client;
  if (client === undefined) throw new Error(`there is no cluster source ${ledger.source}`);
  const shared = openLedgerConfigMap({ client, ...ledger.configMap, log });
  return lastKnownGood === null || readOnly
    ? shared
    : withCopy(shared, join(lastKnownGood, 'ledger.json'), log);
}
