import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  isShown,
  listFilesBefore,
  snippets,
  toCommands,
  type Command,
  type Snippet,
} from '../../support/snippets.ts';
import { eventually } from './eventually.ts';
import type { CommandResult } from './fairlead.ts';

/** Where the commands of a page are run. */
export interface PageShell {
  readonly cwd: string;
  /** Added to the environment of this process, or undefined: taken out of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What becomes the shell, with its first arguments; default `bash`. */
  readonly through?: readonly string[];
}

/** The blocks of all pages that say that they are run in this world, in their order. */
export const inWorld = (world: string): readonly Snippet[] => snippets.filter((each) => each.world === world);

// The first command that fails ends the script, and is named. With 1 these two say that something differs.
const guard = `trap 'status=$?
case "$status $BASH_COMMAND" in
  "1 fairlead diff "* | "1 fairlead migrate "*) ;;
  *) echo "exit status $status: $BASH_COMMAND" >&2; exit "$status" ;;
esac' ERR
`;

/** The arguments of the shell that runs such a script. */
export const toShellArgs = (script: string): readonly string[] => [
  '-uE',
  '-o',
  'pipefail',
  '-c',
  guard + script,
];

function runShell(script: string, { cwd, env, through = ['bash'] }: PageShell): Promise<CommandResult> {
  const [program = '', ...first] = through;
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: 60_000 };
    const child = execFile(
      program,
      [...first, ...toShellArgs(`${script}\ntrue`)],
      options,
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** Until it prints what the page shows: a reader takes a moment, too. */
async function expectShown({ line, prints }: Command, shell: PageShell): Promise<void> {
  let last: CommandResult | undefined;
  const isThere = async (): Promise<boolean> => {
    last = await runShell(line, shell);
    return last.status === 0 && isShown(last.stdout, prints);
  };
  await eventually(line, 20_000, isThere).catch((error: unknown) => {
    expect({ line, ...last }, String(error)).toEqual({
      line,
      status: 0,
      stdout: prints.join('\n'),
      stderr: '',
    });
  });
}

/** Runs a block as it stands; rejects when a command fails, or does not print what the page shows. */
export async function follow(snippet: Snippet, shell: PageShell): Promise<void> {
  if (snippet.language === 'console')
    for (const command of toCommands(snippet)) await expectShown(command, shell);
  else {
    const { status, stdout, stderr } = await runShell(snippet.text, shell);
    expect(status, `${snippet.text}\n${stdout}\n${stderr}`).toBe(0);
  }
}

/** Writes the files that the page shows before this block, as its reader has done by then. */
export function writeFilesBefore(snippet: Snippet, cwd: string): void {
  for (const [name, text] of listFilesBefore(snippet)) writeFileSync(join(cwd, name), text);
}
