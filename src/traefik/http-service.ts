import { z } from 'zod';
import { healthCheck, passiveHealthCheck, responseForwarding, weight } from './health-check.ts';
import { isObject } from '../lib/raw-object.ts';
import { isServerUrl, serverUrl } from './server-url.ts';
import {
  type Fixed,
  type OneOf,
  flagOr,
  limit,
  line,
  listOf,
  reference,
  some,
  statusRange,
} from './values.ts';

export const stickyCookie = some({
  name: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$/, 'is no cookie name')
    .optional(),
  secure: z.boolean().optional(),
  httpOnly: z.boolean().optional(),
  sameSite: z.enum(['none', 'lax', 'strict']).optional(),
  /** Seconds; 0 is a session cookie, and a negative number makes clients forget it. */
  maxAge: z.int().optional(),
  path: line.regex(/^\/[^;\s]*$/, 'is no path').optional(),
  domain: z
    .string()
    .regex(/^\.?[A-Za-z0-9._-]{1,253}$/, 'is no domain')
    .optional(),
});
const sticky = z.strictObject({ cookie: flagOr(stickyCookie) });

export const httpServer = z.strictObject({
  url: serverUrl,
  weight: weight.optional(),
  preservePath: z.boolean().optional(),
});

/** Most servers are a URL and no more. There are many, and to look at that field costs a tenth of taking the server apart. */
const servers = z
  .custom<z.infer<typeof httpServer>[]>(Array.isArray, {
    error: ({ input }) => (input === undefined ? 'is missing' : 'is no list'),
  })
  .superRefine((each, context) => {
    each.forEach((server: unknown, index) => {
      if (isPlainServer(server)) return;
      for (const issue of httpServer.safeParse(server).error?.issues ?? [])
        context.addIssue({ ...issue, path: [index, ...issue.path] });
    });
  });

function isPlainServer(server: unknown): boolean {
  if (!isObject(server)) return false;
  for (const field in server) if (field !== 'url') return false;
  return typeof server['url'] === 'string' && isServerUrl(server['url']);
}

export const loadBalancer = z.strictObject({
  /** Without servers requests are answered with 503. */
  servers,
  strategy: z.enum(['wrr', 'p2c', 'hrw', 'leasttime']).optional(),
  sticky: sticky.optional(),
  healthCheck: healthCheck.optional(),
  passiveHealthCheck: passiveHealthCheck.optional(),
  passHostHeader: z.boolean().optional(),
  responseForwarding: responseForwarding.optional(),
  serversTransport: reference.optional(),
});

/** `true`: reports the health of the children upwards. Traefik disables the service unless each of them has a health check. */
const reportHealth = z.literal(true).optional();
export const weightedChild = z.strictObject({ name: reference, weight: weight.optional() });
const children = z.array(weightedChild);

/** The middlewares of a service as a whole, beside its kind. */
export const serviceMiddlewares = listOf(reference);

export const httpServiceKinds = {
  failover: z.strictObject({
    service: reference,
    fallback: reference,
    healthCheck: reportHealth,
    errors: z.strictObject({ status: listOf(statusRange), maxRequestBodyBytes: limit.optional() }).optional(),
  }),
  highestRandomWeight: z.strictObject({ services: children, healthCheck: reportHealth }),
  loadBalancer,
  mirroring: z.strictObject({
    service: reference,
    mirrors: z.array(z.strictObject({ name: reference, percent: z.int().min(0).max(100) })),
    mirrorBody: z.boolean().optional(),
    maxBodySize: limit.optional(),
    healthCheck: reportHealth,
  }),
  weighted: z.strictObject({ services: children, sticky: sticky.optional(), healthCheck: reportHealth }),
} as const;

export type StickyCookie = Fixed<z.infer<typeof stickyCookie>>;
export type Sticky = Fixed<z.infer<typeof sticky>>;
export type HttpServer = Fixed<z.infer<typeof httpServer>>;
export type LoadBalancer = Fixed<z.infer<typeof loadBalancer>>;
export type WeightedChild = Fixed<z.infer<typeof weightedChild>>;
/** A service of HTTP: exactly one of the five kinds. */
export type HttpService = OneOf<typeof httpServiceKinds> & { readonly middlewares?: readonly string[] };
