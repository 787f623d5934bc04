import { compareText } from '../../model/object-ref.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { MiddlewareDirective } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { headerName, headerValue } from '../header-parsers.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { extraName, readAuthSnippet } from './auth-snippet.ts';
import { namedObject, toOwnName, type NamedObject } from '../named-object.ts';
import { signinAddress, type Signin } from './signin-address.ts';
import { findVariable, refuseVariable, webAddress, type WebAddress } from './web-address.ts';

/** Traefik asks with GET, or with the method of the client. */
const method: Parser<undefined> = (text) =>
  toValue(text).toUpperCase() === 'GET'
    ? accept(undefined)
    : refuse(
        `Traefik sends GET to the auth service, and cannot send ${quote(text)}`,
        'Let the auth service answer GET, and remove the annotation.',
      );

const literalHeader: Parser<string> = (text) => {
  const found = findVariable(text.slice(0, 1_000));
  return found === undefined ? headerValue(text) : refuseVariable(text, found);
};

interface Values {
  readonly url?: WebAddress;
  readonly method?: undefined;
  readonly signin?: Signin;
  readonly responseHeaders?: readonly string[];
  readonly redirect?: string;
  readonly proxyHeaders?: NamedObject;
  readonly snippet?: ReadonlyMap<string, string>;
}

const url = 'nginx.ingress.kubernetes.io/auth-url';

/** Asking another service whether a request may come in. */
export const externalAuth = defineFeature({
  name: 'external-auth',
  annotations: {
    url: {
      key: url,
      on: ['Ingress'],
      parse: webAddress,
      whenInvalid: 'withhold',
      value: 'a URL, without nginx variables',
      example: 'https://auth.example.com/verify',
      doc: 'The URL of an auth service. Traefik sends it the headers of each request, without the body, and forwards the request only if the answer is 2xx. Traefik itself must be able to resolve the host name. Addresses that are not allowed for backends are not allowed here either.',
      differs:
        'The service gets method, host and path in X-Forwarded-Method, X-Forwarded-Host and X-Forwarded-Uri. ingress-nginx sends X-Original-Method and X-Original-URL. Clients get every response of the service that is not 2xx, unchanged; in ingress-nginx only 401 and 403, and 500 for others.',
    },
    method: {
      key: 'nginx.ingress.kubernetes.io/auth-method',
      on: ['Ingress'],
      parse: method,
      whenInvalid: 'withhold',
      value: '`GET`',
      example: 'GET',
      needs: url,
      doc: 'The method of requests to the auth service. Traefik supports only GET. Any other method closes the routes, since the service might decide by it.',
    },
    signin: {
      key: 'nginx.ingress.kubernetes.io/auth-signin',
      on: ['Ingress'],
      parse: signinAddress,
      whenInvalid: 'use-default',
      value: 'a URL; it may begin with `$scheme://$host`',
      example: 'https://auth.example.com/start',
      needs: url,
      doc: 'Where clients are redirected if the auth service answers 401. Without it they get the 401. Needs Traefik 3.7.',
      differs:
        'The parameter `rd`, with the URL of the request, is not added. So the sign-in page must find the way back by itself.',
    },
    responseHeaders: {
      key: 'nginx.ingress.kubernetes.io/auth-response-headers',
      on: ['Ingress'],
      parse: list(headerName),
      whenInvalid: 'withhold',
      value: 'names of headers, comma-separated',
      example: 'X-Auth-Request-User,X-Auth-Request-Email',
      needs: url,
      doc: 'Response headers of the auth service that are copied to the request for the backend. Headers of the client with these names are removed.',
    },
    redirect: {
      key: 'nginx.ingress.kubernetes.io/auth-request-redirect',
      on: ['Ingress'],
      parse: literalHeader,
      whenInvalid: 'use-default',
      value: 'a text, without nginx variables',
      example: 'https://shop.example.com/',
      needs: url,
      doc: 'The header X-Auth-Request-Redirect of requests to the auth service.',
    },
    proxyHeaders: {
      key: 'nginx.ingress.kubernetes.io/auth-proxy-set-headers',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a ConfigMap of the same namespace, as `name` or `namespace/name`',
      example: 'auth-headers',
      needs: url,
      doc: 'More headers for requests to the auth service: each key of the ConfigMap is the name of one. The backend does not get them.',
    },
    snippet: {
      key: 'nginx.ingress.kubernetes.io/auth-snippet',
      on: ['Ingress'],
      parse: readAuthSnippet,
      whenInvalid: 'withhold',
      value: 'nginx configuration: only `proxy_set_header` with a fixed text',
      example: 'proxy_set_header X-Realm shop;',
      doc: 'More headers for requests to the auth service. The backend does not get them. Directives for its response, such as `add_header`, are ignored. Any other closes the routes, since the service might decide by it.',
    },
  },
  apply: (values: Values, context) => {
    const middlewares = toMiddlewares(values, context);
    return middlewares.length === 0 ? {} : { middlewares };
  },
});

/** What clients could say of a request to an auth service that believes such headers, in place of Traefik or nginx. */
const believed = [
  'X-Auth-Request-Redirect',
  'X-Forwarded-Method',
  'X-Forwarded-Uri',
  'X-Original-Method',
  'X-Original-URL',
];

function toMiddlewares(
  { url: to, signin, responseHeaders, redirect, proxyHeaders, snippet }: Values,
  context: FeatureContext,
): readonly MiddlewareDirective<HttpMiddleware>[] {
  if (to === undefined) return [];
  const forbidden = context.lookUp.forbidTarget(to.host);
  if (forbidden !== undefined) {
    context.fault('url', `${to.host} ${forbidden}`, 'Write the address of a service that you may route to.');
    return [];
  }
  const extra = new Map([...findHeaders(proxyHeaders, context), ...(snippet ?? [])]);
  const request = joinHeaders(
    believed.map((name) => [name, '']),
    redirect === undefined ? [] : [['X-Auth-Request-Redirect', redirect]],
    [...extra],
  );
  if (signin?.dropped !== undefined) reportDropped(signin.dropped, context);
  const forwardAuth = {
    address: to.text,
    trustForwardHeader: true,
    // The body of a refusal is kept in memory; one that is larger is a plain 401.
    maxResponseBodySize: 1024 * 1024,
    ...(responseHeaders && { authResponseHeaders: [...responseHeaders] }),
    ...(signin && { authSigninURL: signin.address }),
  };
  const none = joinHeaders([...extra.keys()].map((name) => [name, '']));
  return [
    { stage: 'auth', role: 'auth-request', middleware: { headers: { customRequestHeaders: request } } },
    { stage: 'auth', role: 'auth', middleware: { forwardAuth } },
    ...(extra.size === 0
      ? []
      : [
          {
            stage: 'headers',
            role: 'auth-request-end',
            middleware: { headers: { customRequestHeaders: none } },
          } as const,
        ]),
  ];
}

/** Headers of the later lists over those of the earlier: two spellings of one name would be set in any order. */
function joinHeaders(
  ...lists: readonly (readonly (readonly [string, string])[])[]
): Readonly<Record<string, string>> {
  const byName = new Map(lists.flat().map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  return Object.fromEntries(byName.values());
}

function reportDropped(dropped: string, context: FeatureContext): void {
  context.inPart(
    'signin',
    `the parameter ${dropped} has an nginx variable, and is left out`,
    'Let the sign-in page find the way back by itself, for instance by a cookie.',
  );
}

const mostHeaders = 50;

function findHeaders(
  named: NamedObject | undefined,
  context: FeatureContext,
): readonly (readonly [string, string])[] {
  const name = named && toOwnName(named, 'ConfigMap', 'proxyHeaders', context);
  if (name === undefined) return [];
  const configMap = context.lookUp.configMap(name);
  const entries = Object.entries(configMap?.data ?? {}).toSorted(([a], [b]) => compareText(a, b));
  const hint = 'Give it 1 to 50 keys, each the name of a header, with fixed texts as values.';
  const why =
    configMap === undefined
      ? `there is no ConfigMap ${name}`
      : entries.length === 0 || entries.length > mostHeaders
        ? `ConfigMap ${name} has ${entries.length === 0 ? 'no' : `more than ${mostHeaders}`} headers`
        : entries
            .flatMap(([key, value]) => [extraName(key), literalHeader(value)])
            .flatMap((parsed) => (parsed.ok ? [] : [`in ConfigMap ${name}, ${parsed.message}`]))[0];
  if (why === undefined) return entries.map(([key, value]) => [key, value.trim()] as const);
  context.fault('proxyHeaders', why, hint);
  return [];
}
