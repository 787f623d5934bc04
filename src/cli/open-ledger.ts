import { openLedgerFile } from '../ports/ledger-file.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sources } from './create-sources.ts';
import { UsageError } from './usage-error.ts';

/** The ledger of a configuration. @throws LedgerUnavailableError when it cannot be opened. */
export function openLedger(settings: Settings, { clusters }: Sources, readOnly: boolean): Promise<Ledger> {
  const { ledger } = settings;
  if ('file' in ledger) return openLedgerFile(ledger.file, { readOnly });
  if (clusters.has(ledger.source)) throw new UsageError('ledger.configMap: not available; use ledger.file');
  throw new Error(`there is no cluster source ${ledger.source}`);
}
