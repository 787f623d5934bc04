import type { ExitCode } from './exit-codes.ts';
import type { Io } from '../app/io.ts';

/** One option of a command. Without `value` it is a flag. */
export interface OptionSpec {
  readonly short?: string;
  /** What stands for the value in the help; words with `|` between them are the only values allowed, the first the default. */
  readonly value?: string;
  readonly help: string;
  /** May be given several times. */
  readonly multiple?: true;
}

export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Such as `KIND/NAMESPACE/NAME [DIR…]`; what is not in brackets has to be given. Absent: none are taken. */
  readonly positionals?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** The end of a sentence: when it exits with 1. Absent: never. */
  readonly finds?: string;
  readonly examples: readonly string[];
}

/** The options of one call. Asking for one that the spec does not have is a defect, and throws. */
export interface Options {
  /** The text that was given. */
  text(name: string): string | undefined;
  /** All texts that were given, of an option that may be given several times; what has commas is several. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** One of the words of the spec; the first without the option. */
  oneOf<T extends string>(name: string, words: readonly T[]): T;
}

export interface Call {
  readonly positionals: readonly string[];
  readonly options: Options;
}

export interface Command {
  readonly spec: CommandSpec;
  /** @throws UsageError, SettingsError, and the errors of the ledger and the listeners, each with a line for the user. */
  run(call: Call, io: Io): Promise<ExitCode>;
}
