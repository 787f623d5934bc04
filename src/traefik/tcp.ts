import { z } from 'zod';
import { tcpHealthCheck } from './health-check.ts';
import { priority, rule, ruleSyntax, tcpRouterTls } from './http-router.ts';
import { weightedChild } from './http-service.ts';
import { serverAddress } from './server-url.ts';
import { proxyProtocol } from './servers-transport.ts';
import { type Fixed, type OneOf, listOf, network, positive, reference, word } from './values.ts';

export const tcpRouter = z.strictObject({
  entryPoints: listOf(word),
  rule,
  service: reference,
  middlewares: listOf(reference).optional(),
  ruleSyntax: ruleSyntax.optional(),
  priority: priority.optional(),
  tls: tcpRouterTls.optional(),
});

export const tcpLoadBalancer = z.strictObject({
  /** A TCP server has no weight: weights need one service for each server under a `weighted` one. */
  servers: z.array(z.strictObject({ address: serverAddress, tls: z.boolean().optional() })),
  serversTransport: reference.optional(),
  healthCheck: tcpHealthCheck.optional(),
  /** Only for Traefik before 3.6, whose servers transports have none. Deprecated since. */
  proxyProtocol: proxyProtocol.optional(),
});

export const tcpServiceKinds = {
  loadBalancer: tcpLoadBalancer,
  weighted: z.strictObject({ services: z.array(weightedChild), healthCheck: z.literal(true).optional() }),
} as const;

export const tcpMiddlewareKinds = {
  inFlightConn: z.strictObject({ amount: positive }),
  ipAllowList: z.strictObject({ sourceRange: listOf(network) }),
} as const;

export type TcpRouter = Fixed<z.infer<typeof tcpRouter>>;
export type TcpLoadBalancer = Fixed<z.infer<typeof tcpLoadBalancer>>;
export type TcpService = OneOf<typeof tcpServiceKinds>;
export type TcpMiddleware = OneOf<typeof tcpMiddlewareKinds>;
