import { stages, type Directives, type Stage } from '../../annotations/directives.ts';
import { isElsewhere, type Piece, type RequestVariable } from '../../annotations/nginx/pieces.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Report } from '../../model/problem.ts';
import { annotationField } from '../../model/problem.ts';
import type { Filter } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toRouteSlug } from '../../traefik/names.ts';
import { escapeRe2, listGroups } from '../../traefik/re2-groups.ts';
import { toElementName, type TranslateContext } from '../context.ts';
import type { RoutedPath } from './routed-paths.ts';

type HttpFilter = Filter<HttpMiddleware>;

/** What the requests of one place pass through besides what those of all places do, in the order of the stages: a path may be in it. */
export function addPlaceFilters(
  context: TranslateContext,
  ref: ObjectRef,
  directives: Directives,
  place: RoutedPath,
  filters: readonly HttpFilter[],
  report: Report,
): readonly HttpFilter[] {
  const { redirectTo, rewrite } = directives;
  if (redirectTo === undefined && rewrite === undefined) return filters;
  const own: HttpFilter[] = [];
  const pattern = toPattern(place);
  const slug = place.fallback ? '~fallback' : toRouteSlug(place.path.type, place.path.value);
  const add = (stage: Stage, part: string, role: string, value: HttpMiddleware): void => {
    const [use] = toUses(ref, [part]);
    const key = toElementName(context, ref, 'ingress', role, slug);
    if (use !== undefined) own.push({ key, stage, value, use });
  };
  if (redirectTo !== undefined) {
    const { to, permanent } = redirectTo;
    add('redirect', 'redirectTo', 'redirect', { redirectRegex: { ...toRedirect(to, pattern), permanent } });
  }
  if (rewrite !== undefined && pattern !== undefined) {
    const { to, forwardedPrefix } = rewrite;
    if (isElsewhere(to)) add('redirect', 'rewrite', 'rewrite', { redirectRegex: toRedirect(to, pattern) });
    else add('rewrite', 'rewrite', 'rewrite', { replacePathRegex: toRewrite(to, pattern) });
    const prefix = forwardedPrefix && toPrefix(forwardedPrefix, pattern, report);
    if (prefix !== undefined)
      add('headers', 'rewrite', 'prefix', {
        headers: { customRequestHeaders: { 'X-Forwarded-Prefix': prefix } },
      });
  }
  return [...filters, ...own].sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}

/** What the path of a place matches, from its beginning, as the part of a regular expression; undefined for a default backend. */
function toPattern({ path, fallback, pattern }: RoutedPath): string | undefined {
  if (fallback) return undefined;
  return pattern ?? escapeRe2(path.value);
}

/** Scheme, host, port. */
const origin = '^(https?)://([^/:?]+|\\[[^/?]*\\])(:\\d+)?';

/** Groups of what a redirect matches, by the variables of nginx that they stand for. */
const plain: Readonly<Record<RequestVariable, string>> = {
  scheme: '${1}',
  host: '${2}',
  http_host: '${2}${3}',
  request_uri: '${4}${5}${6}',
  uri: '${4}',
  is_args: '${5}',
  args: '${6}',
};

/** Where the groups of the path are in between, path and query are one. */
const withGroups: Readonly<Record<RequestVariable, string>> = {
  ...plain,
  request_uri: '${4}',
  uri: '${4}',
  is_args: '',
  args: '',
};

interface Replacement {
  readonly regex: string;
  readonly replacement: string;
}

function toRedirect(to: readonly Piece[], pattern: string | undefined): Replacement {
  const groups = pattern === undefined ? 0 : listGroups(pattern).length;
  if (groups === 0) return { regex: `${origin}([^?]*)(\\??)(.*)$`, replacement: toText(to, plain, () => '') };
  return {
    regex: `${origin}((?i:${pattern}).*)$`,
    replacement: toText(to, withGroups, (number) => toGroup(number, groups, 4)),
  };
}

/** As nginx does it: the whole path is replaced by the target, whatever followed what was matched. */
function toRewrite(to: readonly Piece[], pattern: string): Replacement {
  const groups = listGroups(pattern).length;
  return {
    regex: `^(?i:${pattern}).*$`,
    replacement: toText(to, withGroups, (number) => toGroup(number, groups, 0)),
  };
}

function toGroup(number: number, groups: number, before: number): string {
  return number >= 1 && number <= groups ? `\${${number + before}}` : '';
}

function toText(
  to: readonly Piece[],
  variables: Readonly<Record<RequestVariable, string>>,
  toGroupText: (number: number) => string,
): string {
  return to
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
          return piece.text.replaceAll('$', '$$$$');
        case 'group':
          return toGroupText(piece.number);
        case 'variable':
          return variables[piece.name];
      }
    })
    .join('');
}

/** A header has no groups: only those that match one text can be written down. */
function toPrefix(prefix: readonly Piece[], pattern: string, report: Report): string | undefined {
  const groups = listGroups(pattern);
  const texts = prefix.map((piece) => {
    if (piece.kind === 'text') return piece.text;
    const group = piece.kind === 'group' ? (groups[piece.number - 1] ?? '') : undefined;
    return group !== undefined && /^[A-Za-z0-9/_-]*$/.test(group) ? group : undefined;
  });
  if (texts.every((text) => text !== undefined)) return texts.join('');
  report('annotation-in-part', {
    field: annotationField('nginx.ingress.kubernetes.io/x-forwarded-prefix'),
    message: `it uses a group of the path ${JSON.stringify(pattern.slice(0, 80))} that can match more than one text, so the header is not sent`,
    hint: 'Write the prefix itself, in an Ingress for each path.',
  });
  return undefined;
}
