import { LedgerDamagedError, LedgerUnavailableError } from '../ports/ledger/ledger.ts';
import { ListenError } from '../http/listen-error.ts';
import { SettingsError } from '../settings/mistake.ts';
import { findNearest } from '../lib/nearest.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { confirm } from './confirm.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { edge } from './edge.ts';
import { explain } from './explain.ts';
import { toCommandHelp, toProgramHelp } from './help.ts';
import { hashPassword } from './hash-password.ts';
import type { Io } from '../app/io.ts';
import { migrate } from './migrate.ts';
import { parseCall } from './parse-call.ts';
import { ports } from './ports.ts';
import { render } from './render.ts';
import { serve } from './serve.ts';
import { traefik } from './traefik.ts';
import { UsageError } from '../app/usage-error.ts';

const commands: readonly Command[] = [
  serve,
  render,
  check,
  diff,
  confirm,
  explain,
  migrate,
  ports,
  traefik,
  doctor,
  edge,
  hashPassword,
];

/** Runs a command line and resolves with its exit code. What the user can mend is said in lines, never as a stack. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const lines = toLines(error);
    // Anything else is a defect of ours: its stack is what a report needs.
    if (lines === undefined) throw error;
    for (const line of lines) io.err(`fairlead: ${line}\n`);
    return exitCodes.usage;
  }
}

async function dispatch([name, ...args]: readonly string[], io: Io): Promise<ExitCode> {
  if (name === undefined) {
    io.err(toProgramHelp(commands));
    return exitCodes.usage;
  }
  if (name === '--version' || name === '-V') {
    io.out(`fairlead ${io.version}\n`);
    return exitCodes.ok;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(toProgramHelp(commands));
    return exitCodes.ok;
  }
  const command = commands.find(({ spec }) => spec.name === name);
  if (command === undefined) {
    const nearest = findNearest(
      name,
      commands.map(({ spec }) => spec.name),
    );
    const hint = nearest === undefined ? 'see fairlead --help' : `did you mean ${nearest}?`;
    throw new UsageError(`there is no command ${JSON.stringify(name)}; ${hint}`);
  }
  const call = parseCall(command.spec, args);
  if (call !== undefined) return command.run(call, io);
  io.out(toCommandHelp(command.spec));
  return exitCodes.ok;
}

/** The lines for a user; undefined for a defect. */
function toLines(error: unknown): readonly string[] | undefined {
  if (error instanceof SettingsError) return error.message.split('\n');
  const known = [UsageError, LedgerDamagedError, LedgerUnavailableError, ListenError];
  return error instanceof Error && known.some((type) => error instanceof type) ? [error.message] : undefined;
}
