import { readSettings } from '../../app/read-settings.ts';
import { UsageError } from '../../app/usage-error.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import * as sharedOptions from '../shared-options.ts';
import { toBashCompletion } from './bash.ts';
import { toCompletion } from './completions.ts';
import { toFishCompletion } from './fish.ts';
import { toZshCompletion } from './zsh.ts';

const shells = { bash: toBashCompletion, zsh: toZshCompletion, fish: toFishCompletion } as const;

/** `fairlead completion`, of these commands and itself. */
export function createCompletion(others: readonly Command[]): Command {
  const completion: Command = {
    spec: {
      name: 'completion',
      summary: 'Print the completion for a shell, made of what all commands say of themselves',
      positionals: Object.keys(shells).join('|'),
      options: { config: sharedOptions.config },
      examples: [
        'source <(fairlead completion bash)',
        'fairlead completion zsh > "${fpath[1]}/_fairlead"',
        'fairlead completion fish > ~/.config/fish/completions/fairlead.fish',
      ],
    },
    run({ positionals: [shell = ''], options }, io) {
      if (shell === 'fleets') {
        // What the scripts ask for themselves.
        const { fleets } = readSettings({ config: options.text('config'), directories: [] }, io);
        io.out(fleets.map(({ name }) => `${name}\n`).join(''));
        return Promise.resolve(exitCodes.ok);
      }
      if (!isShell(shell))
        throw new UsageError(
          `there is no completion for ${JSON.stringify(shell)}; name one of ${Object.keys(shells).join(', ')}`,
        );
      io.out(shells[shell]([...others, completion].map(({ spec }) => toCompletion(spec))));
      return Promise.resolve(exitCodes.ok);
    },
  };
  return completion;
}

function isShell(text: string): text is keyof typeof shells {
  return Object.hasOwn(shells, text);
}
