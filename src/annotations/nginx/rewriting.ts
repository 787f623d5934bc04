import { defineFeature } from '../feature.ts';
import { accept, boolean, quote, refuse, type Parser } from '../parsers.ts';
import { isElsewhere, pieces, type Piece } from './pieces.ts';

type Mistake = Extract<ReturnType<typeof pieces>, { readonly ok: false }>;

/** A mistake in it does not change what the paths are: regular expressions, which have to be closed. */
const target: Parser<Mistake | readonly Piece[] | undefined> = (text) => {
  if (text.trim() === '') return accept(undefined);
  const parsed = newPath(text);
  return accept(parsed.ok ? parsed.value : parsed);
};

/** A new path with groups, or an address elsewhere. */
const newPath: Parser<readonly Piece[]> = (text) => {
  const parsed = pieces(text);
  if (!parsed.ok || isElsewhere(parsed.value)) return parsed;
  const isPath = parsed.value.every((piece, index) =>
    piece.kind === 'text'
      ? !/[?#{}]/.test(piece.text) && (index > 0 || piece.text.startsWith('/'))
      : piece.kind === 'group',
  );
  return isPath
    ? parsed
    : refuse(
        `${quote(text)} is no path that Traefik can rewrite to`,
        'Write a path, which may have $1 to $9, without a query and without nginx variables.',
      );
};

const prefix: Parser<readonly Piece[]> = (text) => {
  const parsed = pieces(text);
  if (!parsed.ok || parsed.value.every(({ kind }) => kind !== 'variable')) return parsed;
  return refuse(`${quote(text)} has an nginx variable`, 'Write a path, which may have $1 to $9.');
};

/** Paths as regular expressions, and what becomes of them. */
export const rewriting = defineFeature({
  name: 'rewriting',
  annotations: {
    useRegex: {
      key: 'nginx.ingress.kubernetes.io/use-regex',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'The paths of the Ingress are RE2 regular expressions, except those of type Exact. They match the beginning of the path, and ignore case. RE2 has no look-around and no back-references.',
      differs:
        'This applies only to the paths of this Ingress. In ingress-nginx it applies to all Ingresses of the host.',
    },
    target: {
      key: 'nginx.ingress.kubernetes.io/rewrite-target',
      on: ['Ingress'],
      parse: target,
      whenInvalid: 'withhold',
      value: 'a path, which may have `$1` to `$9`; or a URL',
      example: '/$2',
      doc: 'Replaces the path of the request for the backend. `$1` is what the first group of the path matched. The paths of the Ingress are then regular expressions, as with `use-regex`. A URL with scheme and host redirects the client there.',
      differs:
        'The backend also gets the original path, in the header X-Replaced-Path. Redirects are 302 for GET and 307 for other methods.',
    },
    prefix: {
      key: 'nginx.ingress.kubernetes.io/x-forwarded-prefix',
      on: ['Ingress'],
      parse: prefix,
      whenInvalid: 'use-default',
      value: 'a path; it may have `$1` to `$9` for groups that match only one text',
      example: '/app',
      needs: 'nginx.ingress.kubernetes.io/rewrite-target',
      doc: 'The header X-Forwarded-Prefix of requests to the backend.',
      differs: 'A group that can match more than one text is not supported.',
    },
  },
  apply: ({ useRegex, target: asked, prefix: forwardedPrefix }, { fault }) => {
    const to = asked !== undefined && 'ok' in asked ? undefined : asked;
    if (asked !== undefined && 'ok' in asked) fault('target', asked.message, asked.hint);
    return {
      ...((useRegex === true || asked !== undefined) && { regexPaths: true }),
      ...(to && { rewrite: { to, ...(forwardedPrefix && { forwardedPrefix }) } }),
    };
  },
});
