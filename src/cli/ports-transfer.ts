import { createSilentLogger } from '../app/log.ts';
import { createSources } from '../app/create-sources.ts';
import type { Io } from '../app/io.ts';
import { openLedger } from '../app/open-ledger.ts';
import { readSettings } from '../app/read-settings.ts';
import { UsageError } from '../app/usage-error.ts';
import { transferPorts, type TransferEnd } from '../ports/allocation/transfer.ts';
import type { Ledger } from '../ports/ledger/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import { readCluster } from './cluster-options.ts';
import type { Call } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { parseTransferEnds, toEndText } from './transfer-ends.ts';

/** Others may write at the same time; so often it is tried again on what they wrote. */
const mostTries = 5;

/** `fairlead ports transfer FROM TO`: the ports of one object become those of another, in the ledger. */
export async function transfer({ positionals, options }: Call, io: Io): Promise<ExitCode> {
  const [, fromText, toText, ...others] = positionals;
  if (fromText === undefined || toText === undefined || others.length > 0)
    throw new UsageError(
      'name two objects: fairlead ports transfer NAMESPACE/NAME NAMESPACE/NAME, with KIND/ before them where they are no Services',
    );
  const settings = readSettings(
    { config: options.text('config'), cluster: readCluster(options), directories: [] },
    io,
  );
  const source = chooseSource(settings, options.text('source'));
  const [from, to] = parseTransferEnds(source, fromText, toText);
  const log = createSilentLogger();
  const ledger = await openLedger(settings, createSources(settings, log), log, { readOnly: false });
  try {
    const count = await commitTransfer(ledger, from, to);
    if (count === 0) {
      io.err(`fairlead: no port is held by ${toEndText(from)}, and none cools down after it\n`);
      return exitCodes.problems;
    }
    const what = count === 1 ? '1 port is' : `${count} ports are`;
    io.out(`${what} transferred from ${toEndText(from)} to ${toEndText(to)}\n`);
    return exitCodes.ok;
  } finally {
    await ledger.close();
  }
}

/** Returns how many ports it were. */
async function commitTransfer(ledger: Ledger, from: TransferEnd, to: TransferEnd): Promise<number> {
  for (let tried = 0; tried < mostTries; tried += 1) {
    const { state, version } = await ledger.read();
    const next = transferPorts(state, from, to, new Date().toISOString());
    if (next === state) return 0;
    const result = await ledger.commit(version, next);
    const count = next.entries.filter((entry, index) => entry !== state.entries[index]).length;
    if (result.kind === 'committed') return count;
  }
  throw new UsageError(`${ledger.location} is being changed all the time; try again`);
}

function chooseSource({ sources }: Settings, name: string | undefined): string {
  const known = sources.map((source) => source.name);
  const [first = ''] = known;
  if (name === undefined || known.includes(name)) return name ?? first;
  throw new UsageError(`there is no source ${JSON.stringify(name)}; the sources are ${known.join(', ')}`);
}
