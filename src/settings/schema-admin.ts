import * as z from 'zod';
import { accept, refuse, type Parsed } from '../lib/parsed.ts';
import { parsePasswordHash } from '../lib/password-hash.ts';
import { parseNamespacePattern, parsePath, parseToken } from './names.ts';
import { crossCheck, described, textAs, unique } from './schema-parts.ts';

const path = textAs(parsePath);

/** Absent or null: everything. An empty list would look like everything and mean nothing. */
const boundTo = described(z.array(textAs(parseNamespacePattern)).min(1).nullable().prefault(null), {
  description: 'The namespaces that are shown, with `*` for any characters. Null: all, and what is in none.',
  type: 'list of namespaces',
  example: '[shop, "game-*"]',
});

/** One secret, which stands in a field or in a file. */
function eitherOf<T extends object>(inline: keyof T & string, file: keyof T & string) {
  return crossCheck<T>([inline, file], (value, report) => {
    const given = [value[inline], value[file]].filter((each) => each !== undefined).length;
    if (given === 0) report([], `has neither ${inline} nor ${file}`, 'add one of the two');
    if (given === 2) report([], `has ${inline} and ${file}`, 'keep one of the two');
  });
}

interface User {
  readonly name: string;
  readonly passwordHash?: string | undefined;
  readonly passwordHashFile?: string | undefined;
}

const user = z
  .strictObject({
    name: described(textAs(parseUserName), { description: 'The name.', example: 'ops' }),
    passwordHash: described(textAs((text) => keep(text, parsePasswordHash)).optional(), {
      description: 'The hash of the password, as `fairlead hash-password` prints it.',
      example: "'$scrypt$ln=15,r=8,p=3$…'",
      secret: true,
    }),
    passwordHashFile: described(path.optional(), {
      description: 'A file with the hash in it; read again when it changes.',
      type: 'path',
      example: './ops.hash',
    }),
    namespaces: boundTo,
  })
  .check(eitherOf<User>('passwordHash', 'passwordHashFile'));

interface Token {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}

const token = z
  .strictObject({
    token: described(textAs(parseToken).optional(), {
      description: 'The token, of 16 characters or more.',
      example: 'a-long-random-text',
      secret: true,
    }),
    tokenFile: described(path.optional(), {
      description: 'A file with the token in it; read again when it changes.',
      type: 'path',
      example: './admin-token',
    }),
    namespaces: boundTo,
  })
  .check(eitherOf<Token>('token', 'tokenFile'));

/** Section `admin`. */
export const adminSchema = described(
  z
    .strictObject({
      users: described(
        z
          .array(user)
          .check(unique<{ name: string }>('name', ({ name }) => name))
          .prefault([]),
        {
          description: 'Who may look by name and password (HTTP Basic), as browsers ask for them.',
          example: '[{name: ops, passwordHashFile: ./ops.hash}]',
        },
      ),
      tokens: described(z.array(token).prefault([]), {
        description: 'Bearer tokens for programs; in a browser, any name with the token as the password.',
        example: '[{tokenFile: ./admin-token}]',
      }),
    })
    .prefault({}),
  {
    description:
      'Who may look at the page and `/api` of the admin listener. Without users and tokens they answer requests from this machine only. `/healthz`, `/readyz` and `/metrics` are open to all who reach the listener.',
  },
);

/** HTTP Basic divides name and password at the first colon. */
function parseUserName(text: string): Parsed<string> {
  if (/^[^\p{Cc}:]{1,100}$/u.test(text) && text.trim() === text) return accept(text);
  return refuse(
    'is not the name of a user',
    'use at most 100 characters, without a colon and blanks at the ends',
  );
}

/** Checked, and kept as it is written. */
function keep(text: string, parse: (text: string) => Parsed<unknown>): Parsed<string> {
  const parsed = parse(text);
  return parsed.ok ? accept(text) : parsed;
}
