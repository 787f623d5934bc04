import type { Feature } from './feature.ts';
import { allowCidrs } from './features/allow-cidrs.ts';
import { backendAddress } from './features/backend-address.ts';
import { backendProtocol } from './features/backend-protocol.ts';
import { balancing } from './features/balancing.ts';
import { bodyLimit } from './features/body-limit.ts';
import { fleets } from './features/fleets.ts';
import { health } from './features/health.ts';
import { hostRouting } from './features/host-routing.ts';
import { httpsRedirect } from './features/https-redirect.ts';
import { poolPorts } from './features/pool-ports.ts';
import { retries } from './features/retries.ts';
import { timeouts } from './features/timeouts.ts';
import { traefikRouter } from './features/traefik-router.ts';

/**
 * Every feature there is, sorted by name. Where two features speak of the same thing (TLS of an Ingress), the later one
 * counts; a middleware's place in the chain comes from its stage, not from this order.
 */
export const features: readonly Feature[] = [
  allowCidrs,
  backendAddress,
  backendProtocol,
  balancing,
  bodyLimit,
  fleets,
  health,
  hostRouting,
  httpsRedirect,
  poolPorts,
  retries,
  timeouts,
  traefikRouter,
];
