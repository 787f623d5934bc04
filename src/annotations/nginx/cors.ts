import type { Directives } from '../directives.ts';
import type { MiddlewareOf } from '../../traefik/http-middleware.ts';
import { headerNames, methodList, originList, toOriginOptions } from '../cors-parsers.ts';
import { defineFeature } from '../feature.ts';
import { boolean, integer } from '../parsers.ts';

const enableKey = 'nginx.ingress.kubernetes.io/enable-cors';

/** What ingress-nginx allows when nothing is said. */
const byDefault = {
  headers: [
    'DNT',
    'Keep-Alive',
    'User-Agent',
    'X-Requested-With',
    'If-Modified-Since',
    'Cache-Control',
    'Content-Type',
    'Range',
    'Authorization',
  ],
  methods: ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'],
  maxAge: 1_728_000,
};

/** Which scripts of other sites may use what answers here, in the words of ingress-nginx. */
export const cors = defineFeature({
  name: 'cors',
  annotations: {
    enable: {
      key: enableKey,
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Answers CORS preflight requests, and adds CORS headers to responses.',
      differs: 'Preflight requests are answered with 200; ingress-nginx answers 204.',
    },
    origins: {
      key: 'nginx.ingress.kubernetes.io/cors-allow-origin',
      on: ['Ingress'],
      parse: originList,
      isList: true,
      whenInvalid: 'withhold',
      value: 'origins, comma-separated, or `*` (default)',
      example: 'https://shop.example.com, https://*.example.org',
      doc: 'The sites whose scripts may read responses (Access-Control-Allow-Origin). `*.` stands for one label.',
      needs: enableKey,
    },
    credentials: {
      key: 'nginx.ingress.kubernetes.io/cors-allow-credentials',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'withhold',
      value: '`"true"` (default) or `"false"`',
      example: 'false',
      doc: 'Whether scripts may send cookies and passwords of the user (Access-Control-Allow-Credentials).',
      needs: enableKey,
    },
    methods: {
      key: 'nginx.ingress.kubernetes.io/cors-allow-methods',
      on: ['Ingress'],
      parse: methodList,
      whenInvalid: 'withhold',
      value: 'methods, comma-separated; default `GET, PUT, POST, DELETE, PATCH, OPTIONS`',
      example: 'GET, POST',
      doc: 'The methods that scripts may use (Access-Control-Allow-Methods).',
      needs: enableKey,
    },
    headers: {
      key: 'nginx.ingress.kubernetes.io/cors-allow-headers',
      on: ['Ingress'],
      parse: headerNames,
      whenInvalid: 'withhold',
      value: `names of headers, comma-separated; default \`${byDefault.headers.join(', ')}\``,
      example: 'Content-Type, X-Request-Id',
      doc: 'The request headers that scripts may set (Access-Control-Allow-Headers).',
      needs: enableKey,
    },
    exposed: {
      key: 'nginx.ingress.kubernetes.io/cors-expose-headers',
      on: ['Ingress'],
      parse: headerNames,
      whenInvalid: 'withhold',
      value: 'names of headers, comma-separated; default none',
      example: 'X-Request-Id',
      doc: 'The response headers that scripts may read (Access-Control-Expose-Headers).',
      needs: enableKey,
    },
    maxAge: {
      key: 'nginx.ingress.kubernetes.io/cors-max-age',
      on: ['Ingress'],
      parse: integer(0, 2_000_000_000),
      whenInvalid: 'use-default',
      value: 'seconds; default `1728000`',
      example: '600',
      doc: 'How long browsers may cache the answer to a preflight request (Access-Control-Max-Age).',
      needs: enableKey,
    },
  },
  apply: ({ enable, origins, credentials, methods, headers, exposed, maxAge }): Directives => {
    if (enable !== true) return {};
    const middleware: { readonly headers: MiddlewareOf<'headers'> } = {
      headers: {
        ...(credentials !== false && { accessControlAllowCredentials: true }),
        ...toOriginOptions(origins ?? ['*']),
        accessControlAllowMethods: methods ?? byDefault.methods,
        accessControlAllowHeaders: headers ?? byDefault.headers,
        ...(exposed && { accessControlExposeHeaders: exposed }),
        accessControlMaxAge: maxAge ?? byDefault.maxAge,
      },
    };
    return { middlewares: [{ stage: 'cors', role: 'cors', middleware }] };
  },
});
