import type { OtherFilter, RouteFilter } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { toCorsFilter } from './cors-filter.ts';
import { toHeaderFilter } from './header-filter.ts';
import { toMirrorFilter } from './mirror-filter.ts';
import { toNamedRef } from './named-ref.ts';
import { listAt, placeAt, reportAt, requiredTextAt, type Place, type TextRule } from './place.ts';
import { toRedirectFilter, toRewriteFilter } from './redirect-filters.ts';

/** As many as the API server takes of one rule or backendRef. */
const mostFilters = 16;

const typeName: TextRule = { most: 63, wanted: 'the type of a filter' };

/** What is read of each type, and under which key its values stand. */
const readers = {
  CORS: { key: 'cors', read: toCorsFilter },
  ExtensionRef: { key: 'extensionRef', read: toExtensionFilter },
  RequestHeaderModifier: { key: 'requestHeaderModifier', read: toHeaderFilter('RequestHeaderModifier') },
  RequestMirror: { key: 'requestMirror', read: toMirrorFilter },
  RequestRedirect: { key: 'requestRedirect', read: toRedirectFilter },
  ResponseHeaderModifier: { key: 'responseHeaderModifier', read: toHeaderFilter('ResponseHeaderModifier') },
  URLRewrite: { key: 'urlRewrite', read: toRewriteFilter },
} as const satisfies Record<Exclude<RouteFilter['type'], 'other'>, Reader>;

interface Reader {
  readonly key: string;
  /** Undefined, and reported, when it cannot be read. */
  readonly read: (values: Place, field: string) => RouteFilter | undefined;
}

/** A type of filter that Fairlead knows. */
export type FilterType = keyof typeof readers;

export const httpFilters: readonly FilterType[] = [
  'CORS',
  'ExtensionRef',
  'RequestHeaderModifier',
  'RequestMirror',
  'RequestRedirect',
  'ResponseHeaderModifier',
  'URLRewrite',
];

export const grpcFilters: readonly FilterType[] = [
  'ExtensionRef',
  'RequestHeaderModifier',
  'RequestMirror',
  'ResponseHeaderModifier',
];

/** What stands for filters, or for conditions, that could not be read: with it, requests get 500 rather than what was not asked for. */
export function toUnreadable(field: string): OtherFilter {
  return { type: 'other', name: '', field };
}

/** `filters` of a rule or of a backendRef. Each may limit access, so that one which cannot be read is `other` rather than left out. */
export function toFilters(parent: Place, types: readonly FilterType[]): readonly RouteFilter[] {
  const list = listAt(parent, 'filters', mostFilters, (place) => toFilter(place, types));
  if (list === malformed) return [toUnreadable(`${parent.field}.filters`)];
  return list.isWhole ? list.entries : [...list.entries, toUnreadable(`${parent.field}.filters`)];
}

function toFilter(place: Place, types: readonly FilterType[]): RouteFilter | undefined {
  const name = requiredTextAt(place, 'type', typeName);
  if (name === malformed) return undefined;
  const type = types.find((each) => each === name);
  if (type === undefined) return { type: 'other', name, field: place.field };
  const { key, read }: Reader = readers[type];
  const values = placeAt(place, key);
  if (values === undefined) reportAt(place, key, `what the filter ${type} does`);
  if (values === malformed || values === undefined) return undefined;
  const other = Object.values(readers).find(
    (each) => each.key !== key && (place.raw[each.key] ?? undefined) !== undefined,
  );
  if (other === undefined) return read(values, place.field);
  reportAt(place, other.key, `nothing, because the filter is of type ${type},`);
  return undefined;
}

function toExtensionFilter(values: Place, field: string): RouteFilter | undefined {
  const ref = toNamedRef(values, { isLocal: true });
  return ref && { type: 'ExtensionRef', ref, field };
}
