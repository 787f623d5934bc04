import { stages, type Stage } from '../../annotations/directives.ts';
import type { RouteFilter } from '../../model/route-specs.ts';
import type { PathMatch } from '../../routes/match.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { refuseExtension } from './backend-ref.ts';
import { toCors } from './cors.ts';
import { toHeaderFilters } from './header-filters.ts';
import { toRedirect } from './redirect.ts';
import { toRewrite } from './rewrite.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';
import { countElements } from './url-path.ts';

/** What the middlewares of filters depend on besides the filters. */
export interface FilterPlace {
  readonly fleet: FleetSettings;
  /** Of the listener. */
  readonly port: number;
  readonly isTls: boolean;
  /** What the rule matches. */
  readonly path: PathMatch;
}

/** A middleware; the role names it among those of one list of filters, for all places for which it is different. */
export interface FilterPart {
  readonly stage: Stage;
  readonly role: string;
  readonly value: HttpMiddleware;
}

/** The middlewares of a list of filters, outermost first; or why they cannot be carried out, and then none of them is. */
export function toFilterParts(
  filters: readonly RouteFilter[],
  place: FilterPlace,
): FieldRefusal | readonly FilterPart[] {
  const redirect = filters.find(({ type }) => type === 'RequestRedirect');
  const rewrite = filters.find(({ type }) => type === 'URLRewrite');
  if (redirect !== undefined && rewrite !== undefined && 'field' in rewrite)
    return {
      ...unsupported(rewrite.field, 'a request is either redirected or rewritten', 'Remove one of the two.'),
      reason: 'IncompatibleFilters',
    };
  const parts: FilterPart[] = [];
  for (const [index, filter] of filters.entries()) {
    const some = toParts(filter, place);
    if ('code' in some) return some;
    parts.push(...some.map((part) => ({ ...part, role: `${index}-${part.role}` })));
  }
  const sorted = parts.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
  if (redirect === undefined) return sorted;
  // What leads nowhere but elsewhere passes through redirects alone; here they are to pass through all of it, the redirect last.
  const [last, others] = [sorted.filter(isRedirect), sorted.filter((part) => !isRedirect(part))];
  return [...others, ...last].map((part) => ({ ...part, stage: 'redirect' }));
}

function isRedirect({ stage }: FilterPart): boolean {
  return stage === 'redirect';
}

function toParts(filter: RouteFilter, place: FilterPlace): FieldRefusal | readonly FilterPart[] {
  const { fleet } = place;
  const plugin = { fleet: fleet.name, hasPlugin: fleet.plugins.includes('gateway') };
  switch (filter.type) {
    case 'RequestHeaderModifier':
    case 'ResponseHeaderModifier': {
      const middlewares = toHeaderFilters(filter, plugin);
      if ('code' in middlewares) return middlewares;
      const role = filter.type === 'RequestHeaderModifier' ? 'request' : 'response';
      return middlewares.map((value) => ({
        stage: 'headers',
        role: 'plugin' in value ? `${role}-add` : role,
        value,
      }));
    }
    case 'RequestRedirect': {
      const value = toRedirect(filter, { ...plugin, port: place.port, isTls: place.isTls, path: place.path });
      if ('code' in value) return value;
      const own = `${place.isTls ? 'tls' : 'plain'}-${place.port}`;
      return [{ stage: 'redirect', role: `redirect${toVariant(filter.path?.type, place)}-${own}`, value }];
    }
    case 'URLRewrite': {
      const rewrite = toRewrite(filter, place.path);
      if ('code' in rewrite) return rewrite;
      const { path, headers } = rewrite;
      const behind: FilterPart = { stage: 'rewrite', role: 'rewritten', value: headers };
      if (path === undefined) return [behind];
      return [
        { stage: 'rewrite', role: `rewrite${toVariant(filter.path?.type, place)}`, value: path },
        behind,
      ];
    }
    case 'CORS': {
      const value = toCors(filter);
      return 'code' in value ? value : [{ stage: 'cors', role: 'cors', value }];
    }
    case 'RequestMirror':
      // Not on the way of the request: see `mirrors.ts`.
      return [];
    case 'ExtensionRef':
      return refuseExtension(filter);
    case 'other':
      return unsupported(
        filter.field,
        filter.name === ''
          ? 'what cannot be read here may limit who gets an answer, so nobody does'
          : `a filter of type ${filter.name.slice(0, 80)} is not supported`,
        'Correct or remove it; until then requests of the rule get 500.',
      );
  }
}

/** What replaces a prefix is different for prefixes of different lengths. */
function toVariant(type: string | undefined, { path }: FilterPlace): string {
  return type === 'ReplacePrefixMatch' ? `-${countElements(path) ?? ''}` : '';
}
