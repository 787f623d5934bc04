import type { Secret } from '../model/objects.ts';

/** How passwords are asked for. */
export type AuthType = 'basic' | 'digest';

/** The users of a Secret as Traefik takes them, in the order of their lines. */
export interface Users {
  readonly lines: readonly string[];
  /** Where those stand who cannot come in, and the first reason. Without what stands there, which is secret. */
  readonly leftOut: readonly string[];
  readonly why?: string;
}

/** So many are read of one Secret. */
const mostUsers = 1_000;

/** bcrypt doubles its work with each: a single request of a client could keep Traefik, which all share, busy for hours. */
const mostCost = 12;

/**
 * How users stand in a Secret: in lines as `htpasswd` or `htdigest` write them, under `auth` (`auth-file`), or under `users` or `auth`
 * (`users-file`); or a key for each (`auth-map`).
 */
export type UsersLayout = 'auth-file' | 'auth-map' | 'users-file';

/** Reads the users of a Secret. Source of what Traefik can compare: github.com/abbot/go-http-auth, basic.go. */
export function readUsers({ data }: Secret, layout: UsersLayout, type: AuthType): Users {
  const { users, auth } = data;
  if (layout === 'users-file' && users !== undefined && auth !== undefined)
    return { lines: [], leftOut: [], why: 'it has both users and auth, of which only one can count' };
  const file = layout === 'users-file' ? (users ?? auth) : auth;
  const entries = layout === 'auth-map' ? listKeys(data) : listLines(file ?? '');
  const lines: string[] = [];
  const leftOut: string[] = [];
  let first: string | undefined;
  for (const { at, user } of entries) {
    const why = lines.length >= mostUsers ? `there are more than ${mostUsers}` : describeUnusable(user, type);
    if (why === undefined) lines.push(user);
    else {
      leftOut.push(at);
      first ??= why;
    }
  }
  return { lines, leftOut, ...(first !== undefined && { why: first }) };
}

interface Entry {
  readonly at: string;
  readonly user: string;
}

function listLines(text: string): readonly Entry[] {
  return text
    .split('\n', 2 * mostUsers)
    .map((line, index) => ({ at: `line ${index + 1}`, user: line.trim() }))
    .filter(({ user }) => user !== '' && !user.startsWith('#'));
}

function listKeys(data: Secret['data']): readonly Entry[] {
  return Object.keys(data)
    .filter((name) => !notUsers.has(name))
    .toSorted()
    .map((name) => ({ at: `key ${name}`, user: `${name}:${data[name]?.trim() ?? ''}` }));
}

/** What a Secret has besides users when it was made for something else as well. */
const notUsers: ReadonlySet<string> = new Set(['auth', 'ca.crt', 'tls.ca', 'tls.crt', 'tls.key', 'users']);

/** Why Traefik cannot let a user in; undefined when it can. */
function describeUnusable(user: string, type: AuthType): string | undefined {
  if (user.length > 500) return 'the line is longer than 500 characters';
  if (/[\x00-\x1f\x7f\u2551]/.test(user)) return 'the line has a control character';
  const [name = '', ...rest] = user.split(':');
  if (name === '' || rest.length !== (type === 'basic' ? 1 : 2))
    return `the line is not ${type === 'basic' ? 'name:hash' : 'name:realm:hash'}`;
  const hash = rest.at(-1) ?? '';
  if (type === 'digest')
    return /^[0-9a-f]{32}$/.test(hash) ? undefined : 'the hash is not MD5, as htdigest writes it';
  return describeHash(hash);
}

function describeHash(hash: string): string | undefined {
  const cost = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  if (cost !== undefined)
    return Number(cost) > mostCost ? `the cost of the hash (bcrypt) is above ${mostCost}` : undefined;
  if (
    /^\{SHA\}[A-Za-z0-9+/]{27}=$/.test(hash) ||
    /^\$(?:apr1|1)\$[^$\s]{1,16}\$[./A-Za-z0-9]{22}$/.test(hash)
  )
    return undefined;
  return 'Traefik does not support the hash (only bcrypt, APR1 and SHA)';
}
