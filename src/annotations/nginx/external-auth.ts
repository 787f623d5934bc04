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
        `Traefik asks with GET, and not with ${quote(text)}`,
        'Have the auth service answer GET, and remove it.',
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
      value: 'an address, without variables of nginx',
      example: 'https://auth.example.com/verify',
      doc: 'Traefik asks this service about each request, with the headers of the request and without its body, and lets in those that it answers with 2xx. Addresses that a Service may not use are refused, and Traefik itself must be able to resolve the name.',
      differs:
        'The service finds method, host and path in X-Forwarded-Method, -Host and -Uri, where ingress-nginx sends X-Original-Method and X-Original-URL; Clients get every refusal of the service unchanged, not only 401 and 403.',
    },
    method: {
      key: 'nginx.ingress.kubernetes.io/auth-method',
      on: ['Ingress'],
      parse: method,
      whenInvalid: 'withhold',
      value: '`GET`',
      example: 'GET',
      needs: url,
      doc: 'The method of requests to the auth service. Traefik supports only GET: with another method the service might let in the wrong clients.',
    },
    signin: {
      key: 'nginx.ingress.kubernetes.io/auth-signin',
      on: ['Ingress'],
      parse: signinAddress,
      whenInvalid: 'use-default',
      value: 'an address; it may begin with `$scheme://$host`',
      example: 'https://auth.example.com/start',
      needs: url,
      doc: 'Where clients are redirected if the auth service answers 401. Without it they get the 401.',
      differs:
        'No `rd` with the address of the request is added, so the sign-in page must find the way back by itself.',
    },
    responseHeaders: {
      key: 'nginx.ingress.kubernetes.io/auth-response-headers',
      on: ['Ingress'],
      parse: list(headerName),
      whenInvalid: 'withhold',
      value: 'names of headers, comma-separated',
      example: 'X-Auth-Request-User,X-Auth-Request-Email',
      needs: url,
      doc: 'Headers of the answer of the auth service that go on to the backend. Those of the client with these names never do.',
    },
    redirect: {
      key: 'nginx.ingress.kubernetes.io/auth-request-redirect',
      on: ['Ingress'],
      parse: literalHeader,
      whenInvalid: 'use-default',
      value: 'a text, without variables of nginx',
      example: 'https://shop.example.com/',
      needs: url,
      doc: 'What the auth service gets in the header X-Auth-Request-Redirect.',
    },
    proxyHeaders: {
      key: 'nginx.ingress.kubernetes.io/auth-proxy-set-headers',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a ConfigMap, as `name` or `namespace/name`, of the namespace of the Ingress',
      example: 'auth-headers',
      needs: url,
      doc: 'Headers, each a key of the ConfigMap, that the auth service gets as well, and the backend not.',
    },
    snippet: {
      key: 'nginx.ingress.kubernetes.io/auth-snippet',
      on: ['Ingress'],
      parse: readAuthSnippet,
      whenInvalid: 'withhold',
      value: 'directives of nginx: `proxy_set_header` with a text',
      example: 'proxy_set_header X-Realm shop;',
      doc: 'Headers that the auth service gets as well, and the backend not. Other directives are refused, since the service may decide by what they do.',
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
    `the parameter ${dropped} has a variable of nginx, and is left out`,
    'Have the sign-in page find the way back by itself, such as by X-Forwarded-Uri or a cookie.',
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
  const hint = 'Give it one to fifty headers, each a key with a text without variables of nginx.';
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
