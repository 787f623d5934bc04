import type { PathModifier, RedirectFilter, RewriteFilter } from '../../model/route-specs.ts';
import { malformed, type Field } from '../../lib/raw-fields.ts';
import { placeAt, portAt, reportAt, textAt, type Place, type TextRule } from './place.ts';
import { preciseHostname } from './words.ts';

const statusCodes: readonly unknown[] = [301, 302, 303, 307, 308];

const scheme: TextRule = {
  most: 5,
  isRight: (text) => text === 'http' || text === 'https',
  wanted: 'http or https',
};

/** Undefined when any of it cannot be read. */
export function toRedirectFilter(values: Place, field: string): RedirectFilter | undefined {
  const target = toTarget(values);
  const to = textAt(values, 'scheme', scheme);
  const port = portAt(values);
  const statusCode = toStatusCode(values);
  if (target === undefined || to === malformed || port === malformed || statusCode === malformed)
    return undefined;
  return {
    type: 'RequestRedirect',
    ...(to !== undefined && { scheme: to }),
    ...target,
    ...(port !== undefined && { port }),
    statusCode,
    field,
  };
}

/** Undefined when any of it cannot be read. */
export function toRewriteFilter(values: Place, field: string): RewriteFilter | undefined {
  const target = toTarget(values);
  return target && { type: 'URLRewrite', ...target, field };
}

function toTarget(values: Place): Pick<RewriteFilter, 'hostname' | 'path'> | undefined {
  const hostname = textAt(values, 'hostname', preciseHostname);
  const path = toPathModifier(values);
  if (hostname === malformed || path === malformed) return undefined;
  return {
    ...(hostname !== undefined && { hostname: hostname.toLowerCase() }),
    ...(path !== undefined && { path }),
  };
}

function toPathModifier(values: Place): Field<PathModifier> {
  const place = placeAt(values, 'path');
  if (place === undefined || place === malformed) return place;
  const { type } = place.raw;
  if (type !== 'ReplaceFullPath' && type !== 'ReplacePrefixMatch')
    return reportAt(place, 'type', 'ReplaceFullPath or ReplacePrefixMatch');
  const key = type === 'ReplaceFullPath' ? 'replaceFullPath' : 'replacePrefixMatch';
  const value = place.raw[key];
  // The empty text is a path as well: that of the root.
  if (typeof value !== 'string' || value.length > 1024)
    return reportAt(place, key, 'a path of at most 1,024 characters');
  return type === 'ReplaceFullPath' ? { type, replaceFullPath: value } : { type, replacePrefixMatch: value };
}

function toStatusCode(values: Place): number | typeof malformed {
  const value = values.raw['statusCode'] ?? 302;
  const isFit = typeof value === 'number' && statusCodes.includes(value);
  return isFit ? value : reportAt(values, 'statusCode', statusCodes.join(', '));
}
