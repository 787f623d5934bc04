import { hashPassword as toHash } from '../lib/password-hash.ts';
import { UsageError } from '../app/usage-error.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';

const mostBytes = 1_000;

/** `fairlead hash-password`: the hash of a password for `admin.users`. The password is never an argument: others see those. */
export const hashPassword: Command = {
  spec: {
    name: 'hash-password',
    summary: 'Print the hash of a password, which comes over standard input, for admin.users',
    options: {},
    examples: [
      'fairlead hash-password < password.txt > ops.hash',
      'read -rs PASSWORD; printf %s "$PASSWORD" | fairlead hash-password',
    ],
  },
  async run(_call, io) {
    const input = (await io.readInput?.(mostBytes)) ?? Buffer.alloc(0);
    if (input.length > mostBytes) throw new UsageError(`a password has at most ${mostBytes} bytes`);
    const password = input.toString().replace(/\r?\n$/, '');
    if (password === '')
      throw new UsageError(
        'there is no password on standard input; write it into a file, and give that by <',
      );
    if (/\p{Cc}/u.test(password) || password.trim() !== password)
      throw new UsageError(
        'a password is one line, without control characters and without blanks at its ends',
      );
    io.out(`${await toHash(password)}\n`);
    return exitCodes.ok;
  },
};
