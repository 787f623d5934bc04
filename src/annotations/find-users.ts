import { listSome } from '../model/problem.ts';
import type { FeatureContext } from './feature.ts';
import { accept, quote, refuse, toValue, type Parser } from './parsers.ts';
import { readUsers, type AuthType, type UsersLayout } from './users.ts';

/** What browsers show when they ask for a password: it stands in quotes in a header. */
export const realm: Parser<string> = (text) => {
  const value = toValue(text);
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]{0,200}$/.test(value)
    ? accept(value)
    : refuse(
        `${quote(text)} cannot be shown to clients`,
        'Write up to 200 characters of ASCII, without quotes or backslashes.',
      );
};

/** The Secret whose users may come in, and the annotation that names it, by its name within the feature. */
export interface AskedUsers {
  readonly name: string;
  readonly at: string;
  readonly layout: UsersLayout;
  readonly type: AuthType;
}

const places: Readonly<Record<UsersLayout, string>> = {
  'auth-file': 'lines under auth',
  'auth-map': 'a key for each user',
  'users-file': 'lines under users',
};

/**
 * The users of a Secret of the namespace, as Traefik takes them: at least one. Without any, and without the Secret, that is a fault of
 * the annotation; those who alone cannot come in are reported.
 */
export function findUsers(
  { name, at, layout, type }: AskedUsers,
  context: FeatureContext,
): readonly string[] | undefined {
  const where = places[layout];
  const secret = context.lookUp.secret(name);
  if (secret === undefined) {
    context.fault(at, `there is no Secret ${name}`, `Create it in the same namespace, with ${where}.`);
    return undefined;
  }
  const { lines, leftOut, why = 'it has no user' } = readUsers(secret, layout, type);
  if (lines.length === 0) {
    context.fault(at, `no user of Secret ${name} is valid: ${why}`, `Give it ${where}.`);
    return undefined;
  }
  if (leftOut.length > 0) {
    const hint =
      type === 'basic' ? 'Write their lines with htpasswd -B.' : 'Write their lines with htdigest.';
    context.inPart(at, `some users of Secret ${name} are not valid (${listSome(leftOut)}): ${why}`, hint);
  }
  return lines;
}
