import { listSome } from '../../model/problem.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { MiddlewareDirective } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { readAccess, toAllowList } from './snippet-access.ts';
import { readHeaders } from './snippet-headers.ts';
import { snippet, type NginxDirective } from './snippet-parser.ts';
import { readSending } from './snippet-redirects.ts';

/** Directives of which no request hears whether it may come in: without them it is served all the same. */
const harmless =
  /^(?:access_log|brotli\w*|charset|chunked_transfer_encoding|client_(?:body|header)_(?:buffer_size|timeout)|error_log|etag|gzip\w*|keepalive_\w+|large_client_header_buffers|log_\w+|opentelemetry\w*|opentracing\w*|proxy_(?:buffer\w*|busy_buffers_size|connect_timeout|cookie_\w+|http_version|max_temp_file_size|read_timeout|redirect|request_buffering|send_timeout|ssl_server_name)|send_timeout|server_tokens|sub_filter\w*|tcp_\w+|underscores_in_headers)$/;

type Place = 'configuration' | 'server';

interface Values {
  readonly configuration?: readonly NginxDirective[];
  readonly server?: readonly NginxDirective[];
}

const value =
  '`add_header`, `more_set_headers`, `more_clear_headers`, `proxy_hide_header`, `expires`, `proxy_set_header`, `more_set_input_headers`, `more_clear_input_headers`, `return` with a redirect, `rewrite` with `break`, `redirect` or `permanent`, `allow`, `deny`';
const differs =
  'Response headers are set for every status, and replace those of the backend. In nginx `add_header` adds a header, and only for some statuses. Redirects are 301 or 302 for GET, and 308 or 307 for other methods.';

/** Configuration of nginx that means a header, a redirect, a rewrite or an allow-list. */
export const snippets = defineFeature({
  name: 'snippets',
  annotations: {
    configuration: {
      key: 'nginx.ingress.kubernetes.io/configuration-snippet',
      on: ['Ingress'],
      parse: snippet,
      whenInvalid: 'withhold',
      value,
      example: 'more_set_headers "X-Frame-Options: DENY";',
      doc: 'nginx configuration. The directives above are supported; nginx variables are supported only in redirects. Directives that only tune nginx are reported and ignored. Any other closes the routes (503), since it may limit access.',
      differs,
    },
    server: {
      key: 'nginx.ingress.kubernetes.io/server-snippet',
      on: ['Ingress'],
      parse: snippet,
      whenInvalid: 'withhold',
      value,
      example: 'add_header X-Served-By edge;',
      doc: 'Like `configuration-snippet`, which takes precedence if both set headers or limit access.',
      differs: `${differs} It applies only to this Ingress; in ingress-nginx it applies to all Ingresses of the host.`,
    },
  },
  apply: (values: Values, context) => {
    const middlewares = toMiddlewares(values, context);
    return middlewares.length === 0 ? {} : { middlewares };
  },
});

/** Of these, nginx forgets those of the server where the location has one itself. */
const overriding: readonly (readonly string[])[] = [['add_header'], ['proxy_set_header'], ['allow', 'deny']];

function toMiddlewares(
  { configuration = [], server = [] }: Values,
  context: FeatureContext,
): readonly MiddlewareDirective<HttpMiddleware>[] {
  const forgotten = overriding
    .filter((names) => configuration.some(({ name }) => names.includes(name)))
    .flat();
  const all = [
    ...server
      .filter(({ name }) => !forgotten.includes(name))
      .map((each) => ({ at: 'server' as const, each })),
    ...configuration.map((each) => ({ at: 'configuration' as const, each })),
  ];
  const headers = { request: new Map<string, Header>(), response: new Map<string, Header>() };
  const sent: MiddlewareDirective<HttpMiddleware>[] = [];
  const idle = { configuration: [] as string[], server: [] as string[] };
  const rules: NginxDirective[] = [];
  for (const { at, each } of all) {
    const { name } = each;
    const read = each.hasBlock === true ? 'blocks in braces are not supported' : readDirective(each);
    if (name === 'allow' || name === 'deny') rules.push(each);
    else if (typeof read === 'string') refuse(context, at, name, read);
    else if (read === undefined) idle[at].push(name);
    else if ('of' in read)
      for (const [key, text] of read.headers) headers[read.of].set(key.toLowerCase(), [key, text]);
    else sent.push({ ...read, role: `snippet-${read.stage}-${sent.length}` });
  }
  const allowed = readAccess(rules);
  const isOfServer = rules.length > 0 && forgotten.every((name) => name !== 'allow');
  if (typeof allowed === 'string') refuse(context, isOfServer ? 'server' : 'configuration', 'allow', allowed);
  for (const at of ['configuration', 'server'] as const) reportIdle(context, at, idle[at]);
  return [...toAccess(allowed), ...toHeaders(headers), ...sent];
}

type Header = readonly [name: string, value: string];

/** Undefined: it is left out, and nothing depends on it. */
function readDirective(
  directive: NginxDirective,
): Exclude<ReturnType<typeof readHeaders> | ReturnType<typeof readSending>, undefined> | undefined {
  const { name } = directive;
  const read = readHeaders(directive) ?? readSending(directive);
  if (read !== undefined || name === 'allow' || name === 'deny' || harmless.test(name)) return read;
  return 'it may limit access';
}

function refuse(context: FeatureContext, at: Place, name: string, why: string): void {
  const hint = 'Use annotations that do the same, and remove it.';
  context.fault(at, `the directive ${name.slice(0, 60)} is not supported: ${why}`, hint);
}

function reportIdle(context: FeatureContext, at: Place, names: readonly string[]): void {
  if (names.length === 0) return;
  const hint = 'Use annotations that do the same, or remove them.';
  context.inPart(at, `directives that only tune nginx are ignored: ${listSome(names)}`, hint);
}

function toAccess(
  allowed: readonly string[] | string | undefined,
): readonly MiddlewareDirective<HttpMiddleware>[] {
  if (allowed === undefined || typeof allowed === 'string') return [];
  return [{ stage: 'access', role: 'snippet-access', middleware: toAllowList(allowed) }];
}

function toHeaders({
  request,
  response,
}: Readonly<
  Record<'request' | 'response', ReadonlyMap<string, Header>>
>): readonly MiddlewareDirective<HttpMiddleware>[] {
  if (request.size + response.size === 0) return [];
  const customRequestHeaders = Object.fromEntries(request.values());
  const customResponseHeaders = Object.fromEntries(response.values());
  const headers = {
    ...(request.size > 0 && { customRequestHeaders }),
    ...(response.size > 0 && { customResponseHeaders }),
  };
  return [{ stage: 'headers', role: 'snippet-headers', middleware: { headers } }];
}
