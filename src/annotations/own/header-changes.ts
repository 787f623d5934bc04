import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { Directives, MiddlewareDirective, Stage } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { toHeaderLines } from '../header-lines.ts';
import type { Off } from '../off.ts';

type Headers = Readonly<Record<string, string>> | Off;

const value = 'lines `Name: value`; a name without a value removes the header; `off`: none';
const kept =
  'Those of single connections (such as `Connection` and `Transfer-Encoding`) and `Content-Length` are Traefik’s own.';

/** Headers that are set and removed on the way. */
export const headerChanges = defineFeature({
  name: 'header-changes',
  annotations: {
    request: {
      key: 'fairlead.dev/request-headers',
      on: ['Service', 'Ingress'],
      parse: toHeaderLines('request'),
      isList: true,
      whenInvalid: 'withhold-http',
      value,
      example: 'X-Tenant: shop',
      doc: `Sets request headers for the backend, one on each line, and replaces those from clients. \`Host\` sets the host that the backend sees. ${kept}`,
    },
    response: {
      key: 'fairlead.dev/response-headers',
      on: ['Service', 'Ingress'],
      parse: toHeaderLines('response'),
      isList: true,
      whenInvalid: 'withhold-http',
      value,
      example: 'X-Frame-Options: DENY',
      doc: `Sets response headers for clients, one on each line, and replaces those from the backend. ${kept}`,
    },
  },
  apply: ({ request, response }): Directives => {
    const middlewares = [
      ...toChange('request-headers', request, (customRequestHeaders) => ({ customRequestHeaders })),
      ...toChange('response-headers', response, (customResponseHeaders) => ({ customResponseHeaders })),
    ];
    return middlewares.length > 0 ? { middlewares } : {};
  },
});

function toChange(
  stage: Stage,
  headers: Headers | undefined,
  toOptions: (
    headers: Readonly<Record<string, string>>,
  ) => Extract<HttpMiddleware, { headers: unknown }>['headers'],
): readonly MiddlewareDirective<HttpMiddleware>[] {
  if (headers === undefined) return [];
  return [{ stage, role: stage, middleware: headers === false ? null : { headers: toOptions(headers) } }];
}
