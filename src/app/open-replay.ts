import { createSilentLogger } from './log.ts';
import { countBanks } from '../model/bank.ts';
import type { LedgerState } from '../model/ports.ts';
import { follow, replay, type Replay } from '../inspect/replay.ts';
import { KubeError } from '../kubernetes/kube-error.ts';
import { LedgerUnavailableError, type Ledger } from '../ports/ledger/ledger.ts';
import { createMemoryLedger } from '../ports/ledger/memory.ts';
import type { FleetSettings, LedgerSettings, Settings } from '../settings/settings.ts';
import type { Source } from '../source/source.ts';
import { createSources } from './create-sources.ts';
import { findClusterMistakes } from './find-cluster-mistakes.ts';
import { openLedger } from './open-ledger.ts';
import { readSettingsAloud, type SettingsOrigin } from './read-settings.ts';
import { UsageError } from './usage-error.ts';
import type { Io } from './io.ts';

/** What the commands that look at sources have in common. */
export interface ReplayRequest extends SettingsOrigin {
  /** One of the folders, which messages call `-`: it holds standard input. */
  readonly stream?: string | undefined;
  /** Who holds which pool port where no ledger says so; default nobody. */
  readonly held?: (settings: Settings) => LedgerState;
  /** No ledger is read, though one is configured. */
  readonly withoutLedger?: true;
}

/** Reads the sources once and works out what Fairlead would make of them. Nothing is written. */
export async function openReplay(
  request: ReplayRequest,
  io: Io,
): Promise<{ readonly settings: Settings; readonly replay: Replay }> {
  const { settings, sources, ledger } = await openSources(request, io, false);
  try {
    return { settings, replay: await replay(settings, sources, ledger) };
  } catch (error) {
    throw withSource(error, settings.ledger);
  } finally {
    await ledger.close();
  }
}

/** As `openReplay`, and again after each change of the sources, until the program is asked to stop: `show` gets each in turn. */
export async function followReplay(
  request: ReplayRequest,
  io: Io,
  show: (replay: Replay) => Promise<void>,
): Promise<void> {
  const { settings, sources, ledger } = await openSources(request, io, true);
  try {
    await follow(settings, sources, ledger, { show, stopped: io.stopped });
  } catch (error) {
    throw withSource(error, settings.ledger);
  } finally {
    await ledger.close();
  }
}

interface Opened {
  readonly settings: Settings;
  readonly sources: readonly Source[];
  /** To be read only. */
  readonly ledger: Ledger;
}

async function openSources(request: ReplayRequest, io: Io, watching: boolean): Promise<Opened> {
  const settings = readSettingsAloud(request, io, findClusterMistakes);
  const log = createSilentLogger();
  const made = createSources(withWatching(settings, watching), log, {
    naming: { cwd: io.cwd, stream: request.stream },
  });
  // Folders without a configuration have no ledger: their ports are given out as on the first day, the same each time.
  const hasLedger =
    request.withoutLedger !== true && (request.directories.length === 0 || request.config !== undefined);
  const ledger = hasLedger
    ? await openLedger(settings, made, log, { readOnly: true })
    : createMemoryLedger(request.held?.(settings));
  return { settings, sources: made.sources, ledger };
}

/** Of a ledger that cannot be read: in which cluster it is. */
function withSource(error: unknown, ledger: LedgerSettings): unknown {
  if (!(error instanceof LedgerUnavailableError) || !('source' in ledger)) return error;
  const server = error.cause instanceof KubeError ? error.cause.server : undefined;
  const where = server === undefined ? ledger.source : `${ledger.source} (${server})`;
  return new LedgerUnavailableError(`source ${where}: ${error.message}`, { cause: error });
}

function withWatching(settings: Settings, watch: boolean): Settings {
  const sources = settings.sources.map((source) =>
    'directory' in source ? { ...source, directory: { ...source.directory, watch } } : source,
  );
  return { ...settings, sources, lastKnownGood: null };
}

/** The bank of this number; without one bank 0. @throws UsageError when the fleet cannot have it. */
export function chooseBank(fleet: FleetSettings, text = '0'): number {
  const banks = countBanks(fleet);
  if (/^\d{1,5}$/.test(text) && Number(text) < banks) return Number(text);
  const has =
    banks === 1 ? 'bank 0 only; give its ports a `bank` to divide them' : `the banks 0 to ${banks - 1}`;
  throw new UsageError(`there is no bank ${JSON.stringify(text)}: fleet ${fleet.name} has ${has}`);
}

/** The fleet of this name; without a name the first. @throws UsageError when there is none. */
export function chooseFleet(settings: Settings, name: string | undefined): FleetSettings {
  const fleet = name === undefined ? settings.fleets[0] : settings.fleets.find((each) => each.name === name);
  if (fleet !== undefined) return fleet;
  const known = settings.fleets.map((each) => each.name).join(', ');
  throw new UsageError(`there is no fleet ${JSON.stringify(name)}; the fleets are ${known}`);
}
