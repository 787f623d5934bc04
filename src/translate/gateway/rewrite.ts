import type { RewriteFilter } from '../../model/route-specs.ts';
import type { PathMatch } from '../../routes/match.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { refusePath, refusePrefix } from './redirect.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';
import { toPrefixPattern, toPrefixReplacement, toUrlPath } from './url-path.ts';

/** What a rewrite is made of: of path and host there may be one only. */
export interface Rewrite {
  readonly path?: HttpMiddleware;
  /** Behind `path`. */
  readonly headers: HttpMiddleware;
}

/** Takes the path that the rule matches. */
export function toRewrite(
  { hostname, path, field }: RewriteFilter,
  matched: PathMatch,
): FieldRefusal | Rewrite {
  const host = hostname === undefined ? undefined : toHostName(hostname);
  if (host?.kind === 'invalid' || host?.value.startsWith('*'))
    return unsupported(
      `${field}.hostname`,
      'the hostname is not one host',
      'Write a host such as "example.com".',
    );
  const replaced = path === undefined ? undefined : toPath(path, field, matched);
  if (replaced !== undefined && 'code' in replaced) return replaced;
  const headers = {
    ...(host !== undefined && { Host: host.value }),
    // Where Traefik says what the path was: nobody asked for it to be said to backends.
    ...(replaced !== undefined && { 'X-Replaced-Path': '' }),
  };
  return {
    ...(replaced !== undefined && { path: replaced }),
    headers: { headers: { customRequestHeaders: headers } },
  };
}

function toPath(
  path: NonNullable<RewriteFilter['path']>,
  field: string,
  matched: PathMatch,
): FieldRefusal | HttpMiddleware {
  if (path.type === 'ReplaceFullPath') {
    const full = toUrlPath(path.replaceFullPath === '' ? '/' : path.replaceFullPath);
    return full === undefined ? refusePath(`${field}.path.replaceFullPath`) : { replacePath: { path: full } };
  }
  const prefix = toPrefixPattern(matched);
  if (prefix === undefined) return refusePrefix(`${field}.path`);
  const to = path.replacePrefixMatch === '' ? '' : toUrlPath(path.replacePrefixMatch);
  if (to === undefined) return refusePath(`${field}.path.replacePrefixMatch`);
  const { rest, to: replacement } = toPrefixReplacement(to);
  return { replacePathRegex: { regex: `^${prefix}${rest}$`, replacement: `${replacement}\${1}` } };
}
