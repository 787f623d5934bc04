import type { MiddlewareOf } from '../../traefik/http-middleware.ts';
import { headerNames, methodList, originList, toOriginOptions } from '../cors-parsers.ts';
import type { Directives } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { orOff, type Off } from '../off.ts';
import { boolean, integer, type Parser } from '../parsers.ts';

const originsKey = 'fairlead.dev/cors-allow-origins';

const origins: Parser<Off | readonly string[]> = orOff(originList);

/** Which scripts of other sites may use what answers here (CORS). */
export const crossOrigin = defineFeature({
  name: 'cross-origin',
  annotations: {
    origins: {
      key: originsKey,
      on: ['Service', 'Ingress'],
      parse: origins,
      isList: true,
      whenInvalid: 'withhold-http',
      value: 'origins, comma-separated, with `*.` for one label; or `*`; `off`: none',
      example: 'https://shop.example.com, https://*.example.org',
      doc: 'The sites whose scripts may read responses (Access-Control-Allow-Origin). Traefik answers CORS preflight requests (200), before it asks for a password. CORS headers of the backend are replaced.',
    },
    methods: {
      key: 'fairlead.dev/cors-allow-methods',
      on: ['Service', 'Ingress'],
      parse: methodList,
      whenInvalid: 'withhold-http',
      value: 'methods, comma-separated (default: those that need no preflight)',
      example: 'GET, POST, PUT, DELETE',
      needs: originsKey,
      doc: 'The methods that scripts of these sites may use (Access-Control-Allow-Methods).',
    },
    headers: {
      key: 'fairlead.dev/cors-allow-headers',
      on: ['Service', 'Ingress'],
      parse: headerNames,
      isList: true,
      whenInvalid: 'withhold-http',
      value: 'names of headers, comma-separated (default: those that need no preflight)',
      example: 'Content-Type, Authorization',
      needs: originsKey,
      doc: 'The request headers that scripts of these sites may set (Access-Control-Allow-Headers).',
    },
    exposed: {
      key: 'fairlead.dev/cors-expose-headers',
      on: ['Service', 'Ingress'],
      parse: headerNames,
      isList: true,
      whenInvalid: 'withhold-http',
      value: 'names of headers, comma-separated (default none)',
      example: 'X-Request-Id',
      needs: originsKey,
      doc: 'The response headers that scripts of these sites may read (Access-Control-Expose-Headers).',
    },
    credentials: {
      key: 'fairlead.dev/cors-allow-credentials',
      on: ['Service', 'Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      needs: originsKey,
      doc: 'Whether scripts of these sites may send cookies and passwords of the user (Access-Control-Allow-Credentials). Not possible with the origin `*`, which browsers then refuse.',
    },
    maxAge: {
      key: 'fairlead.dev/cors-max-age',
      on: ['Service', 'Ingress'],
      parse: integer(0, 2_000_000_000),
      whenInvalid: 'use-default',
      value: 'seconds (default: as browsers have it)',
      example: '600',
      needs: originsKey,
      doc: 'How long browsers may cache the answer to a preflight request (Access-Control-Max-Age).',
    },
  },
  apply: ({ origins: allowed, methods, headers, exposed, credentials, maxAge }, { fault }): Directives => {
    if (allowed === undefined) return {};
    if (allowed === false) return { middlewares: [{ stage: 'cors', role: 'cors', middleware: null }] };
    const isForAll = allowed.includes('*');
    if (credentials === true && isForAll)
      fault(
        'credentials',
        'the origin * cannot have the cookies of users',
        'Name the origins in fairlead.dev/cors-allow-origins, or remove it.',
      );
    const middleware: { readonly headers: MiddlewareOf<'headers'> } = {
      headers: {
        ...(credentials === true && !isForAll && { accessControlAllowCredentials: true }),
        ...toOriginOptions(allowed),
        ...(methods && { accessControlAllowMethods: methods }),
        ...(headers && { accessControlAllowHeaders: headers }),
        ...(exposed && { accessControlExposeHeaders: exposed }),
        ...(maxAge !== undefined && { accessControlMaxAge: maxAge }),
        addVaryHeader: true,
      },
    };
    return { middlewares: [{ stage: 'cors', role: 'cors', middleware }] };
  },
});
