import path from 'node:path';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import type { OptionSpec, Options } from './command.ts';
import { demandToken, readSecretFile } from './read-secret-file.ts';

/** Where the token of a Fairlead in the same environment is, such as in its pod. */
const adminTokenVariable = 'FAIRLEAD_ADMIN_TOKENS_0_TOKEN';

/** `--server URL` and who asks, of the commands that can ask a running Fairlead. */
export const serverOptions = {
  server: { value: 'URL', help: 'ask a running Fairlead at its admin listener' },
  'token-file': {
    value: 'FILE',
    help: `with --server: a file with one of admin.tokens (default: the environment variable ${adminTokenVariable}, if set)`,
  },
  user: { value: 'NAME', help: 'with --server: one of admin.users' },
  'password-file': { value: 'FILE', help: 'with --user: a file with the password' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** A running Fairlead, and how to ask it. */
export interface ServerAccess {
  readonly server: string;
  /** The header; absent where none is needed. */
  readonly authorization?: string;
}

/**
 * What the options of `serverOptions` say; undefined where nobody is to be asked.
 * @param server Who is asked, where that is not always who `--server` names.
 * @throws UsageError
 */
export async function readServerAccess(
  options: Options,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  server = options.text('server'),
): Promise<ServerAccess | undefined> {
  const authorization = await readAuthorization(options, cwd);
  if (server !== undefined) {
    const own = env[adminTokenVariable] ?? '';
    const header = authorization ?? (own === '' ? undefined : `Bearer ${own}`);
    return { server, ...(header !== undefined && { authorization: header }) };
  }
  if (authorization !== undefined) throw new UsageError('a token or password is for --server; give its URL');
  return undefined;
}

async function readAuthorization(options: Options, cwd: string): Promise<string | undefined> {
  const [tokenFile, user, passwordFile] = ['token-file', 'user', 'password-file'].map((name) =>
    options.text(name),
  );
  if ((user === undefined) !== (passwordFile === undefined))
    throw new UsageError('--user and --password-file go together; give both');
  if (tokenFile !== undefined && user !== undefined)
    throw new UsageError('--token-file and --user exclude each other; give one of them');
  if (tokenFile !== undefined) {
    const file = path.resolve(cwd, tokenFile);
    const text = await readSecretFile('--token-file', file, 'one of admin.tokens');
    return `Bearer ${demandToken(text, file, 'admin.tokens')}`;
  }
  if (user === undefined || passwordFile === undefined) return undefined;
  const password = await readSecretFile('--password-file', path.resolve(cwd, passwordFile), 'the password');
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
