import type { RedirectFilter } from '../../model/route-specs.ts';
import type { PathMatch } from '../../routes/match.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { needsPlugin, unsupported, type FieldRefusal } from './unsupported.ts';
import { toPrefixPattern, toPrefixReplacement, toReplacement, toUrlPath } from './url-path.ts';

/** What a redirect depends on besides itself. */
export interface RedirectFrom {
  /** Of the listener. */
  readonly port: number;
  readonly isTls: boolean;
  readonly path: PathMatch;
  readonly fleet: string;
  readonly hasPlugin: boolean;
}

/** Scheme, host, and a port, which is left out: a port of what is redirected to is always known. */
const origin = '^(https?)://(\\[[^\\]]*\\]|[^/:?#]+)(?::\\d+)?';

/** A redirect as a middleware, or why it cannot be one. Port and path as the specification derives them. */
export function toRedirect(filter: RedirectFilter, from: RedirectFrom): FieldRefusal | HttpMiddleware {
  const { statusCode: status, field } = filter;
  const target = toOrigin(filter, from);
  const path = toPath(filter, from);
  if (typeof target !== 'string') return target;
  if ('code' in path) return path;
  const regex = `${origin}${path.pattern}$`;
  const replacement = `${target}${path.replacement}`;
  if (from.hasPlugin) return { plugin: { 'fairlead-gateway': { redirect: { regex, replacement, status } } } };
  if (status !== 301 && status !== 302)
    return needsPlugin(field, `the redirect status ${status}`, from.fleet);
  return { redirectRegex: { regex, replacement, ...(status === 301 && { permanent: true }) } };
}

function toOrigin(
  { scheme, hostname, port, field }: RedirectFilter,
  from: RedirectFrom,
): FieldRefusal | string {
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return unsupported(`${field}.scheme`, 'the scheme is neither http nor https', 'Write http or https.');
  const host = hostname === undefined ? undefined : toHostName(hostname);
  if (host?.kind === 'invalid' || host?.value.startsWith('*'))
    return unsupported(
      `${field}.hostname`,
      'the hostname is not one host',
      'Write a host such as "example.com".',
    );
  const wellKnown = (scheme ?? (from.isTls ? 'https' : 'http')) === 'https' ? 443 : 80;
  const target = port ?? (scheme === undefined ? from.port : wellKnown);
  return `${scheme ?? '${1}'}://${host?.value ?? '${2}'}${target === wellKnown ? '' : `:${target}`}`;
}

/** What follows the origin, in the pattern and in the replacement. */
interface PathReplacement {
  readonly pattern: string;
  readonly replacement: string;
}

function toPath({ path, field }: RedirectFilter, from: RedirectFrom): FieldRefusal | PathReplacement {
  if (path === undefined) return { pattern: '(.*)', replacement: '${3}' };
  if (path.type === 'ReplaceFullPath') {
    const full = toUrlPath(path.replaceFullPath === '' ? '/' : path.replaceFullPath);
    if (full === undefined) return refusePath(`${field}.path.replaceFullPath`);
    return { pattern: '[^?#]*(\\?.*)?', replacement: `${toReplacement(full)}\${3}` };
  }
  const prefix = toPrefixPattern(from.path);
  if (prefix === undefined) return refusePrefix(`${field}.path`);
  const to = path.replacePrefixMatch === '' ? '' : toUrlPath(path.replacePrefixMatch);
  if (to === undefined) return refusePath(`${field}.path.replacePrefixMatch`);
  const replaced = toPrefixReplacement(to);
  return { pattern: `${prefix}${replaced.rest}(\\?.*)?`, replacement: `${replaced.to}\${3}\${4}` };
}

export function refusePath(field: string): FieldRefusal {
  return unsupported(field, 'it is no path', 'Write a path such as "/new".');
}

export function refusePrefix(field: string): FieldRefusal {
  return {
    ...unsupported(
      field,
      'ReplacePrefixMatch needs a match of type PathPrefix',
      'Give the rule a match by PathPrefix, or use ReplaceFullPath.',
    ),
    reason: 'IncompatibleFilters',
  };
}
