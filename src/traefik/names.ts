import { createHash } from 'node:crypto';

const cleanPart = /^[A-Za-z0-9.:~-]{1,200}$/;
const longest = 200;

/**
 * The key of a router, service or middleware: the parts joined with `_`, which no Kubernetes name holds. Different parts
 * never give the same key: one that holds anything else than `[A-Za-z0-9.:~-]` is made readable and gets a hash after a `+`,
 * and so does what is longer than 200 characters. Never empty, and without `@`, which would turn its references elsewhere.
 */
export function joinName(...parts: readonly string[]): string {
  const name = parts.map((part) => (cleanPart.test(part) ? part : toHashedPart(part))).join('_');
  if (name !== '' && name.length <= longest) return name;
  // The hash is over what the parts became, and of twice the length: no part ends like this.
  return `${name.slice(0, longest - 33)}+${toHash(name, 32)}`;
}

export type PathType = 'Exact' | 'PlainPrefix' | 'Prefix' | 'Regex';

const typeSuffix: Readonly<Record<PathType, string>> = {
  Exact: '~exact',
  PlainPrefix: '~plain',
  Prefix: '',
  Regex: '~regex',
};

/**
 * A path as a part for `joinName`: `/api/v1` of type Prefix is `api:v1`, and `/` is `~root`. Different in the type or
 * the path, different in the slug.
 */
export function toRouteSlug(pathType: PathType, path: string): string {
  return toPathSlug(path) + typeSuffix[pathType];
}

function toPathSlug(path: string): string {
  if (path === '/') return '~root';
  const slug = path.slice(1, 100).replaceAll('/', ':');
  // Only what `/` became may be a colon, or `/a:b` and `/a/b` would be one.
  if (/^\/[A-Za-z0-9./-]{1,80}$/.test(path)) return slug;
  return `${toReadable(slug)}~${toHash(path, 16)}`;
}

function toHashedPart(part: string): string {
  return `${toReadable(part)}+${toHash(part, 16)}`;
}

function toReadable(text: string): string {
  return text
    .slice(0, 40)
    .replaceAll(/[^A-Za-z0-9.:-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** Over UTF-16 and not UTF-8, in which all halves of surrogate pairs are one. */
function toHash(text: string, digits: number): string {
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, digits);
}
