import type { Annotation } from '../feature.ts';
import { accept, boolean, list, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';

const needs = 'fairlead.dev/health-path';

const method: Parser<string> = (text) => {
  const value = toValue(text).toUpperCase();
  return /^[A-Z]{1,20}$/.test(value)
    ? accept(value)
    : refuse(`${quote(text)} is not a method`, 'Write a method such as "HEAD".');
};

const host: Parser<string> = (text) => {
  const value = toValue(text);
  return /^[A-Za-z0-9._-]{1,253}$/.test(value)
    ? accept(value)
    : refuse(`${quote(text)} is not a host name`, 'Write a host such as "shop.example.com".');
};

const header: Parser<readonly [string, string]> = (text) => {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  if (equals < 1 || name.length > 100 || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
    return refuse(`${quote(text)} is not a header with a value`, 'Write pairs such as "X-Probe=edge".');
  // Traefik sets it from another field, and Go leaves this one out.
  if (name.toLowerCase() === 'host')
    return refuse('"Host" is none of the headers', 'Write the host into fairlead.dev/health-host.');
  return /^[\t\x20-\x7e]{0,1000}$/.test(value)
    ? accept([name, value])
    : refuse(`the value of ${quote(name)} is not printable ASCII`, 'Write pairs such as "X-Probe=edge".');
};

const headers = list(header);

/** At most so many: each of them is sent to every endpoint with every check. */
const mostHeaders = 20;

const headerMap: Parser<ReadonlyMap<string, string>> = (text) => {
  const pairs = headers(text);
  if (!pairs.ok) return pairs;
  const map = new Map(pairs.value);
  return map.size <= mostHeaders
    ? accept(map)
    : refuse(`there are more than ${mostHeaders} headers`, 'Name fewer.');
};

interface RequestValues extends Record<string, unknown> {
  readonly mode: 'grpc' | 'http';
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly followRedirects: boolean;
}

/** What the requests of active checks are like. */
export const healthRequest: { readonly [K in keyof RequestValues]: Annotation<RequestValues[K]> } = {
  mode: {
    key: 'fairlead.dev/health-mode',
    on: ['Service'],
    parse: oneOf('http', 'grpc'),
    whenInvalid: 'use-default',
    value: '`http` (default) or `grpc`',
    example: 'grpc',
    doc: 'Active health check of gRPC servers, by their health service (`grpc.health.v1.Health`); no path is needed then.',
  },
  method: {
    key: 'fairlead.dev/health-method',
    on: ['Service'],
    parse: method,
    whenInvalid: 'use-default',
    value: 'a method (default `GET`)',
    example: 'HEAD',
    needs,
    doc: 'The method by which the active health check asks.',
  },
  scheme: {
    key: 'fairlead.dev/health-scheme',
    on: ['Service'],
    parse: oneOf('http', 'https'),
    whenInvalid: 'use-default',
    value: '`http` or `https` (default: as for requests)',
    example: 'http',
    needs,
    doc: 'Whether the active health check uses TLS, if it has its own port.',
  },
  host: {
    key: 'fairlead.dev/health-host',
    on: ['Service'],
    parse: host,
    whenInvalid: 'use-default',
    value: 'a host name (default: the address of the endpoint)',
    example: 'shop.example.com',
    needs,
    doc: 'The Host header of the active health check.',
  },
  headers: {
    key: 'fairlead.dev/health-headers',
    on: ['Service'],
    parse: headerMap,
    isList: true,
    whenInvalid: 'use-default',
    value: 'pairs `name=value`, comma-separated, at most 20',
    example: 'X-Probe=edge',
    needs,
    doc: 'Headers that the active health check sends.',
  },
  followRedirects: {
    key: 'fairlead.dev/health-follow-redirects',
    on: ['Service'],
    parse: boolean,
    whenInvalid: 'use-default',
    value: '`"true"` (default) or `"false"`',
    example: 'false',
    needs,
    doc: 'Whether the active health check follows redirects. When it does not, a redirect is an answer like any other, and counts as success without `fairlead.dev/health-status`.',
  },
};
