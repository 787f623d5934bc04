import { LedgerDamagedError, LedgerUnavailableError } from '../ports/ledger/ledger.ts';
import { ListenError } from '../http/listen-error.ts';
import { SettingsError } from '../settings/mistake.ts';
import { findNearest } from '../lib/nearest.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toCommandHelp, toProgramHelp } from './help.ts';
import type { Io } from '../app/io.ts';
import { parseCall } from './parse-call.ts';
import { UsageError } from '../app/usage-error.ts';

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

async function dispatch(words: readonly string[], io: Io): Promise<ExitCode> {
  const [name] = words;
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
  const command = findCommand(words);
  const call = parseCall(command.spec, words.slice(toWords(command).length));
  if (call !== undefined) return command.run(call, io);
  io.out(toCommandHelp(command.spec));
  return exitCodes.ok;
}

function toWords({ spec }: Command): readonly string[] {
  return spec.name.split(' ');
}

/** The command that a call begins with; some have a name of two words. @throws UsageError */
function findCommand(words: readonly string[]): Command {
  const command = commands.find((each) => toWords(each).every((word, index) => words[index] === word));
  if (command !== undefined) return command;
  const [name = '', second] = words;
  const group = commands.filter((each) => toWords(each)[0] === name).map(({ spec }) => spec.name);
  if (group.length > 0) {
    const said =
      second === undefined
        ? `${name} is half a command`
        : `there is no command ${JSON.stringify(`${name} ${second}`)}`;
    throw new UsageError(`${said}; write fairlead ${group.join(' or fairlead ')}`);
  }
  if (name.startsWith('-')) throw new UsageError(`the command comes first; write fairlead COMMAND ${name}`);
  const nearest = findNearest(
    name,
    commands.map(({ spec }) => spec.name),
  );
  const hint = nearest === undefined ? 'see fairlead --help' : `did you mean ${nearest}?`;
  throw new UsageError(`there is no command ${JSON.stringify(name)}; ${hint}`);
}

/** The lines for a user; undefined for a defect. */
function toLines(error: unknown): readonly string[] | undefined {
  if (error instanceof SettingsError) return error.message.split('\n');
  const known = [UsageError, LedgerDamagedError, LedgerUnavailableError, ListenError];
  return error instanceof Error && known.some((type) => error instanceof type) ? [error.message] : undefined;
}
