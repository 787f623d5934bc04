import { z } from 'zod';
import { gatewayPlugin, gatewayPluginName } from './gateway-plugin.ts';
import { basicAuth, digestAuth, forwardAuth, passTlsClientCert } from './middleware-auth.ts';
import { headers } from './middleware-headers.ts';
import {
  buffering,
  circuitBreaker,
  inFlightReq,
  ipAllowList,
  rateLimit,
  retry,
} from './middleware-limits.ts';
import { re2 } from './re2.ts';
import {
  type Fixed,
  type OneOf,
  count,
  flagOr,
  item,
  line,
  listOf,
  reference,
  some,
  statusCode,
  statusRange,
} from './values.ts';

const flag = z.boolean().optional();
const path = line.regex(/^\//, 'is no path');
const encoding = z.enum(['gzip', 'br', 'zstd']);

const compress = some({
  encodings: listOf(encoding).optional(),
  defaultEncoding: encoding.optional(),
  minResponseBodyBytes: count.optional(),
  excludedContentTypes: listOf(item).optional(),
  includedContentTypes: listOf(item).optional(),
}).refine(
  (value) => value.excludedContentTypes === undefined || value.includedContentTypes === undefined,
  'has both excludedContentTypes and includedContentTypes',
);

const errors = z.strictObject({
  status: listOf(statusRange),
  service: reference,
  query: line.optional(),
  statusRewrites: z
    .record(statusRange, statusCode)
    .refine((map) => Object.keys(map).length > 0, 'is an empty object')
    .optional(),
  errorRequestHeaders: listOf(z.string().regex(/^[A-Za-z0-9-]*$/)).optional(),
});

/** Every kind of HTTP middleware that travels over the HTTP provider, but for those of other plugins and deprecated ones. */
export const httpMiddlewareKinds = {
  addPrefix: z.strictObject({ prefix: path }),
  basicAuth,
  buffering,
  chain: z.strictObject({ middlewares: listOf(reference) }),
  circuitBreaker,
  compress: flagOr(compress),
  contentType: z.literal(true),
  digestAuth,
  encodedCharacters: some({
    allowEncodedSlash: flag,
    allowEncodedBackSlash: flag,
    allowEncodedNullCharacter: flag,
    allowEncodedSemicolon: flag,
    allowEncodedPercent: flag,
    allowEncodedQuestionMark: flag,
    allowEncodedHash: flag,
  }),
  errors,
  forwardAuth,
  grpcWeb: z.strictObject({ allowOrigins: listOf(item) }),
  headers,
  inFlightReq,
  ipAllowList,
  passTLSClientCert: passTlsClientCert,
  /** Of plugins only that which belongs to Fairlead. */
  plugin: z.strictObject({ [gatewayPluginName]: gatewayPlugin }),
  rateLimit,
  redirectRegex: z.strictObject({ regex: re2, replacement: line.min(1), permanent: flag }),
  redirectScheme: z.strictObject({
    scheme: z.enum(['http', 'https']),
    /** A number as text, as Traefik has it. */
    port: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'is no port')
      .optional(),
    permanent: flag,
  }),
  replacePath: z.strictObject({ path }),
  replacePathRegex: z.strictObject({ regex: re2, replacement: line }),
  retry,
  stripPrefix: z.strictObject({ prefixes: listOf(path.min(1)) }),
  stripPrefixRegex: z.strictObject({ regex: listOf(re2) }),
} as const;

type Kinds = typeof httpMiddlewareKinds;
export type HttpMiddlewareKind = keyof Kinds;

/** What a middleware of one kind has, such as `MiddlewareOf<'retry'>`. */
export type MiddlewareOf<K extends HttpMiddlewareKind> = Fixed<z.infer<Kinds[K]>>;

/** A middleware: an object with exactly one field, the name of its kind. */
export type HttpMiddleware = OneOf<Kinds>;
