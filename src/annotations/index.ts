import type { Feature } from './feature.ts';
import { accessLog } from './nginx/access-log.ts';
import { allowCidrs } from './own/allow-cidrs.ts';
import { basicAuth } from './nginx/basic-auth.ts';
import { backendAddress } from './own/backend-address.ts';
import { backendProtocol } from './own/backend-protocol.ts';
import { balancing } from './own/balancing.ts';
import { bodyLimit } from './own/body-limit.ts';
import { canary } from './nginx/canary.ts';
import { bodyBuffering } from './nginx/body-buffering.ts';
import { clientCertificates } from './nginx/client-certificates.ts';
import { cors } from './nginx/cors.ts';
import { crossOrigin } from './own/cross-origin.ts';
import { customErrors } from './nginx/custom-errors.ts';
import { customHeaders } from './nginx/custom-headers.ts';
import { nextUpstream } from './nginx/next-upstream.ts';
import { nginxDefaults } from './nginx/nginx-defaults.ts';
import { proxySsl } from './nginx/proxy-ssl.ts';
import { rateLimits } from './nginx/rate-limits.ts';
import { sessionAffinity } from './nginx/session-affinity.ts';
import { upstreamBalancing } from './nginx/upstream-balancing.ts';
import { upstreamHost } from './nginx/upstream-host.ts';
import { upstreamTimeouts } from './nginx/upstream-timeouts.ts';
import { externalAuth } from './nginx/external-auth.ts';
import { failover } from './own/failover.ts';
import { fleets } from './own/fleets.ts';
import { grants } from './own/grants.ts';
import { headerChanges } from './own/header-changes.ts';
import { health } from './own/health.ts';
import { hostRouting } from './own/host-routing.ts';
import { httpsRedirect } from './nginx/https-redirect.ts';
import { listenerPorts } from './own/listener-ports.ts';
import { maxConnections } from './own/max-connections.ts';
import { migration } from './own/migration.ts';
import { mirroring } from './own/mirroring.ts';
import { otherHosts } from './nginx/other-hosts.ts';
import { passwords } from './own/passwords.ts';
import { poolPorts } from './own/pool-ports.ts';
import { rateLimit } from './own/rate-limit.ts';
import { redirectHttps } from './own/redirect-https.ts';
import { redirects } from './nginx/redirects.ts';
import { retries } from './own/retries.ts';
import { rewriting } from './nginx/rewriting.ts';
import { satisfy } from './nginx/satisfy.ts';
import { sni } from './own/sni.ts';
import { snippets } from './nginx/snippets.ts';
import { sourceRange } from './nginx/source-range.ts';
import { stripPrefix } from './own/strip-prefix.ts';
import { tcpOptions } from './own/tcp-options.ts';
import { timeouts } from './own/timeouts.ts';
import { tlsPassthrough } from './nginx/tls-passthrough.ts';
import { traefikMiddlewares } from './traefik/middlewares.ts';
import { traefikObservability } from './traefik/observability.ts';
import { traefikRouter } from './traefik/router.ts';
import { traefikRouterTls } from './traefik/router-tls.ts';
import { traefikService } from './traefik/service.ts';
import { traefikSticky } from './traefik/sticky.ts';

/**
 * Every feature there is, sorted by name. Where two features speak of the same thing (TLS of an Ingress), Fairlead's own one counts,
 * else the later one (`precedence.ts`); a middleware's place in the chain comes from its stage, not from this order.
 */
export const features: readonly Feature[] = [
  accessLog,
  allowCidrs,
  backendAddress,
  backendProtocol,
  balancing,
  basicAuth,
  bodyBuffering,
  bodyLimit,
  canary,
  clientCertificates,
  cors,
  crossOrigin,
  customErrors,
  customHeaders,
  externalAuth,
  failover,
  fleets,
  grants,
  headerChanges,
  health,
  hostRouting,
  httpsRedirect,
  listenerPorts,
  maxConnections,
  migration,
  mirroring,
  nextUpstream,
  nginxDefaults,
  otherHosts,
  passwords,
  poolPorts,
  proxySsl,
  rateLimit,
  rateLimits,
  redirectHttps,
  redirects,
  retries,
  rewriting,
  satisfy,
  sessionAffinity,
  sni,
  snippets,
  sourceRange,
  stripPrefix,
  tcpOptions,
  timeouts,
  tlsPassthrough,
  traefikMiddlewares,
  traefikObservability,
  traefikRouter,
  traefikRouterTls,
  traefikService,
  traefikSticky,
  upstreamBalancing,
  upstreamHost,
  upstreamTimeouts,
];
