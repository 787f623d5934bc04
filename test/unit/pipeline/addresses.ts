import type { EndpointSlice, Service } from '../../../src/model/objects.ts';
import type { FleetSettings } from '../../../src/settings/settings.ts';
import { toPool } from '../ports/allocation/notation.ts';

/** The Service `edge/traefik` of a source. */
export function toService(
  source: string,
  published: Pick<Service, 'externalIPs' | 'loadBalancer'> = {},
): Service {
  return {
    kind: 'Service',
    meta: { ref: { source, kind: 'Service', namespace: 'edge', name: 'traefik' }, annotations: {} },
    type: 'ClusterIP',
    headless: true,
    hasSelector: true,
    ports: [],
    ...published,
  };
}

/** A slice of it, by the state of each address. */
export function toSlice(
  source: string,
  name: string,
  states: Readonly<Record<string, 'ready' | 'starting' | 'terminating'>>,
): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    meta: { ref: { source, kind: 'EndpointSlice', namespace: 'edge', name }, annotations: {} },
    service: 'traefik',
    addressType: 'IPv4',
    ports: [],
    endpoints: Object.entries(states).map(([address, state]) => ({
      addresses: [address],
      ready: state !== 'starting',
      serving: state !== 'starting',
      terminating: state === 'terminating',
    })),
  };
}

/** A fleet that looks addresses up in Services `edge/traefik-1` and so on. */
export function toFleetSettings(name: string, addresses: readonly string[], services = 0): FleetSettings {
  const addressSources = Array.from({ length: services }, (_each, index) => ({
    kind: 'service' as const,
    namespace: 'edge',
    name: `traefik-${index + 1}`,
  }));
  return {
    name,
    ingressClasses: [],
    gatewayClasses: [],
    listeners: new Map(),
    plugins: [],
    entryPoints: { http: 'web', https: 'websecure' },
    addresses,
    ...(services > 0 && { addressSources }),
    traefik: { major: 3, minor: 7 },
    pools: [toPool({ tcp: '100-199' })],
  };
}
