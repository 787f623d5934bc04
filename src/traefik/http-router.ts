import { z } from 'zod';
import { type Fixed, type Rule, flagOr, item, listOf, reference, some, word } from './values.ts';

const domain = z.strictObject({ main: item, sans: listOf(item).optional() });

const tlsShape = {
  /** The name of a `TlsOptions`. All routers of one host must have the same, or Traefik drops them for all. */
  options: reference.optional(),
  certResolver: word.optional(),
  domains: listOf(domain).optional(),
};
export const routerTls = flagOr(some(tlsShape));
export const tcpRouterTls = flagOr(some({ passthrough: z.boolean().optional(), ...tlsShape }));

/** The rule is taken as its builders made it: only that it is there is checked. */
export const rule = z.custom<Rule>((value) => typeof value === 'string' && value !== '', 'is no rule');

/** Traefik refuses what is near the largest int64; JSON carries no number that large exactly anyway. */
export const priority = z.int();

/** Sent with every router: the static configuration may have another default, and any other value logs a warning. */
export const ruleSyntax = z.literal('default');

const observability = some({
  accessLogs: z.boolean().optional(),
  metrics: z.boolean().optional(),
  tracing: z.boolean().optional(),
  traceVerbosity: z.enum(['minimal', 'detailed']).optional(),
});

export const httpRouter = z.strictObject({
  /** Never empty: a router without entryPoints attaches to the whole port pool where none is marked as default. */
  entryPoints: listOf(word),
  rule,
  service: reference,
  middlewares: listOf(reference).optional(),
  ruleSyntax: ruleSyntax.optional(),
  /** 0 or absent: the length of the rule. */
  priority: priority.optional(),
  tls: routerTls.optional(),
  observability: observability.optional(),
});

/** `true`, or what differs from the defaults. */
export type RouterTls = Fixed<z.infer<typeof routerTls>>;
export type TcpRouterTls = Fixed<z.infer<typeof tcpRouterTls>>;
/** The names of one certificate that a resolver gets. */
export type CertificateDomain = Fixed<z.infer<typeof domain>>;
/** What is recorded of the requests of a router; absent: as its entryPoint has it. */
export type RouterObservability = Fixed<z.infer<typeof observability>>;
/** A router of HTTP. Traefik's `parentRefs` is left out: a child can disable the router of another tenant. */
export type HttpRouter = Fixed<z.infer<typeof httpRouter>>;
