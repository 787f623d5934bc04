import type { AdminFiles } from './admin-files.ts';
import type { FileSettings } from './schema.ts';
import type { AdminSettings } from './settings.ts';

/** The section `admin` with what its files hold. All texts have been checked. */
export function toAdmin(
  { users, tokens }: FileSettings['admin'],
  files: Pick<AdminFiles, 'tokens' | 'users'>,
): AdminSettings {
  return {
    users: users.map(({ name, passwordHash, namespaces }, index) => {
      const read = files.users.get(index);
      const hash = read?.text ?? passwordHash ?? '';
      return { name, passwordHash: hash, namespaces: namespaces ?? 'all', ...(read && { file: read.file }) };
    }),
    tokens: tokens.map(({ token, namespaces }, index) => {
      const read = files.tokens.get(index);
      const text = read?.text ?? token ?? '';
      return { token: text, namespaces: namespaces ?? 'all', ...(read && { file: read.file }) };
    }),
  };
}
