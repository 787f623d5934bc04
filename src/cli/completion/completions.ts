import { allKinds } from '../../kinds/index.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';

/** What may stand at a place of a command line. */
export type Place =
  | { readonly kind: 'files' | 'fleets' | 'folders' | 'nothing' }
  /** `open`: what follows is written right behind. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly open?: true };

/** One option, as a shell has to know it. */
export interface OptionCompletion {
  readonly name: string;
  readonly short: string | undefined;
  readonly help: string;
  /** Undefined of a flag. */
  readonly value: Place | undefined;
  readonly multiple: boolean;
}

/** One command, as a shell has to know it. */
export interface CommandCompletion {
  /** One word, or two. */
  readonly words: readonly [string, string?];
  readonly summary: string;
  readonly options: readonly OptionCompletion[];
  /** What it takes beside options, in this order. */
  readonly positionals: readonly Place[];
  /** Whether the last of them may come again. */
  readonly repeats: boolean;
}

/** What shells complete, from what the commands say of themselves. */
export function toCompletion({ name, summary, options, positionals = '' }: CommandSpec): CommandCompletion {
  const [first = '', second] = name.split(' ');
  const all = { ...options, help: { short: 'h', help: 'show this' } } satisfies Record<string, OptionSpec>;
  return {
    words: second === undefined ? [first] : [first, second],
    summary,
    options: Object.entries<OptionSpec>(all).map(([option, { short, help, value, multiple }]) => ({
      name: option,
      short,
      help,
      value: value === undefined ? undefined : option === 'fleet' ? { kind: 'fleets' } : toPlace(value),
      multiple: multiple === true,
    })),
    positionals: positionals
      .split(' ')
      .filter((word) => word !== '')
      .map(toPlace),
    repeats: positionals.includes('…'),
  };
}

/** From what stands for it in the help. */
function toPlace(text: string): Place {
  const name = text.replaceAll(/[[\]…]|\|-/g, '');
  if (name === 'KIND/NAMESPACE/NAME')
    return { kind: 'words', words: allKinds.map(({ kind }) => `${kind}/`), open: true };
  if (name.includes('|')) return { kind: 'words', words: name.split('|') };
  if (name === 'DIR') return { kind: 'folders' };
  return { kind: name === 'FILE' || name === 'PATH' ? 'files' : 'nothing' };
}

/** The options as they are written: `-c`, `--config`. */
export function toSpellings({ name, short }: OptionCompletion): readonly string[] {
  return [...(short === undefined ? [] : [`-${short}`]), `--${name}`];
}

/** Text in single quotes, as bash and zsh read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The names of the program. */
export const programs = ['fairlead', 'kubectl-fairlead'] as const;
