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
        `${quote(text)} is no path that Traefik can make`,
        'Write a path with $1 to $9, without a query and without variables.',
      );
};

const prefix: Parser<readonly Piece[]> = (text) => {
  const parsed = pieces(text);
  if (!parsed.ok || parsed.value.every(({ kind }) => kind !== 'variable')) return parsed;
  return refuse(`${quote(text)} has a variable of nginx`, 'Write a path, or $1 to $9.');
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
      doc: 'The paths of the Ingress are regular expressions (RE2, without look-around and back-references), but for those of type Exact: whatever begins with what they match belongs to them, in capital or small letters.',
      differs:
        'Only the paths of this Ingress are: in ingress-nginx those of every other Ingress of the host become regular expressions too.',
    },
    target: {
      key: 'nginx.ingress.kubernetes.io/rewrite-target',
      on: ['Ingress'],
      parse: target,
      whenInvalid: 'withhold',
      value: 'a path with `$1` to `$9`, or an address elsewhere',
      example: '/$2',
      doc: 'The path that the backend gets in place of that of the request; `$1` is what the first group of the path found. The paths of the Ingress are regular expressions then, as with `use-regex`. An address with scheme and host is a redirect.',
      differs:
        'The backend also gets the header X-Replaced-Path with the path of the request. A redirect is 302 for GET and 307 for other methods.',
    },
    prefix: {
      key: 'nginx.ingress.kubernetes.io/x-forwarded-prefix',
      on: ['Ingress'],
      parse: prefix,
      whenInvalid: 'use-default',
      value: 'a path; of groups without wildcards `$1` to `$9`',
      example: '/app',
      needs: 'nginx.ingress.kubernetes.io/rewrite-target',
      doc: 'What the backend gets in the header X-Forwarded-Prefix.',
      differs: 'It cannot have a group that matches more than one text.',
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
