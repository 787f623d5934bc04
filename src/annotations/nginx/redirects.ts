import type { MiddlewareDirective, RedirectDirective } from '../directives.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { accept, integer, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { isElsewhere, pieces, type Piece } from './pieces.ts';

const target: Parser<readonly Piece[]> = (text) => {
  const parsed = pieces(text);
  if (!parsed.ok) return parsed;
  const [first] = parsed.value;
  const isPath = first?.kind === 'text' && /^\/(?!\/)/.test(first.text);
  return isPath || isElsewhere(parsed.value)
    ? parsed
    : refuse(
        `${quote(text)} is no URL or path`,
        'Write a URL such as "https://example.com", or a path such as "/new".',
      );
};

const path: Parser<string> = (text) => {
  const value = toValue(text);
  return /^\/(?!\/)[!#%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]*$|^\/$/.test(value)
    ? accept(value)
    : refuse(`${quote(text)} is no path`, 'Write a path such as "/app", without nginx variables.');
};

const code = integer(300, 308);

/** A code of the same two that Traefik answers with anyway asks for nothing more. */
function codeBut(...usual: readonly number[]): Parser<number | undefined> {
  return (text) => {
    const parsed = code(text);
    return parsed.ok && usual.includes(parsed.value) ? accept(undefined) : parsed;
  };
}

const differs =
  'For GET the status is 301 (permanent) or 302 (temporary), for other methods 308 or 307, whatever code is configured. nginx uses one code for all methods.';

interface Values {
  readonly permanent?: readonly Piece[];
  readonly permanentCode?: number | undefined;
  readonly temporal?: readonly Piece[];
  readonly temporalCode?: number | undefined;
  readonly appRoot?: string;
}

/** Sending all requests elsewhere, or those for `/`. */
export const redirects = defineFeature({
  name: 'redirects',
  annotations: {
    permanent: {
      key: 'nginx.ingress.kubernetes.io/permanent-redirect',
      on: ['Ingress'],
      parse: target,
      whenInvalid: 'withhold',
      value:
        'a URL or a path; it may have `$scheme`, `$host`, `$http_host`, `$request_uri`, `$uri` and `$args`, and `$1` to `$9` for groups of a path that is a regular expression',
      example: 'https://www.example.com$request_uri',
      doc: 'Redirects every request permanently.',
      differs,
    },
    permanentCode: {
      key: 'nginx.ingress.kubernetes.io/permanent-redirect-code',
      on: ['Ingress'],
      parse: codeBut(301, 308),
      whenInvalid: 'use-default',
      value: 'a number from 300 to 308 (default 301)',
      example: '308',
      needs: 'nginx.ingress.kubernetes.io/permanent-redirect',
      doc: 'The status of the redirect. 301 and 308 mean the same to Traefik, and so do 302 and 307. Any other counts as 302.',
      differs,
    },
    temporal: {
      key: 'nginx.ingress.kubernetes.io/temporal-redirect',
      on: ['Ingress'],
      parse: target,
      whenInvalid: 'withhold',
      value: 'as with `permanent-redirect`',
      example: 'https://status.example.com/',
      doc: 'Redirects every request temporarily. It takes precedence over `permanent-redirect`.',
      differs,
    },
    temporalCode: {
      key: 'nginx.ingress.kubernetes.io/temporal-redirect-code',
      on: ['Ingress'],
      parse: codeBut(302, 307),
      whenInvalid: 'use-default',
      value: 'a number from 300 to 308 (default 302)',
      example: '307',
      needs: 'nginx.ingress.kubernetes.io/temporal-redirect',
      doc: 'The status of the redirect. 301 and 308 mean the same to Traefik, and so do 302 and 307. Any other counts as 302.',
      differs,
    },
    appRoot: {
      key: 'nginx.ingress.kubernetes.io/app-root',
      on: ['Ingress'],
      parse: path,
      whenInvalid: 'use-default',
      value: 'a path, without nginx variables',
      example: '/app',
      doc: 'Redirects requests for `/` to this path.',
      differs: 'Methods other than GET are answered with 307; nginx answers 302.',
    },
  },
  apply: (values: Values, context) => {
    const redirectTo = toRedirect(values, context);
    return {
      ...(redirectTo && { redirectTo }),
      ...(values.appRoot !== undefined && { middlewares: [toAppRoot(values.appRoot)] }),
    };
  },
});

function toRedirect(
  { permanent, permanentCode = 301, temporal, temporalCode = 302 }: Values,
  context: FeatureContext,
): RedirectDirective | undefined {
  const [to, status, name] =
    temporal === undefined
      ? [permanent, permanentCode, 'permanentCode']
      : [temporal, temporalCode, 'temporalCode'];
  if (to === undefined) return undefined;
  const isPermanent = status === 301 || status === 308;
  if (!isPermanent && status !== 302 && status !== 307)
    context.inPart(
      name,
      `Traefik cannot redirect with ${status}, and uses 302`,
      'Write 301, 302, 307 or 308.',
    );
  return { to, permanent: isPermanent };
}

function toAppRoot(to: string): MiddlewareDirective<HttpMiddleware> {
  return {
    stage: 'redirect',
    role: 'app-root',
    middleware: { redirectRegex: { regex: '^(https?://[^/]+)/(\\?.*)?$', replacement: `\${1}${to}` } },
  };
}
