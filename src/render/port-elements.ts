import type { PortBackend, PortLoadBalancer } from '../routes/backend.ts';
import type { TraefikVersion } from '../settings/settings.ts';
import { hasTransportProxyProtocol } from '../traefik/versions.ts';
import type { Element } from './fragment.ts';

/**
 * The services of a TCP or UDP backend and all below it, from the root, with their transports.
 * @param traefik The oldest one that reads them.
 */
export function toPortBackendElements(
  protocol: 'tcp' | 'udp',
  backend: PortBackend,
  traefik: TraefikVersion,
): readonly Element[] {
  if (backend.kind === 'load-balancer') {
    return protocol === 'udp' ? [toUdpService(backend)] : toTcpElements(backend, traefik);
  }
  const { key, branches } = backend;
  const services = branches.map((each) => ({ name: each.backend.key, weight: each.weight }));
  // Without this a branch whose server is down would still get its share.
  const isChecked = reportsHealth(backend);
  const weighted = { services, ...(isChecked && { healthCheck: true as const }) };
  return [
    { section: `${protocol}.services`, key, value: { weighted } },
    ...branches.flatMap((each) => toPortBackendElements(protocol, each.backend, traefik)),
  ];
}

/** Traefik disables a service that is to hear of the health of others, unless each of them is checked. */
function reportsHealth(backend: PortBackend): boolean {
  return backend.kind === 'load-balancer'
    ? backend.health !== undefined
    : backend.branches.every((each) => reportsHealth(each.backend));
}

function toUdpService({ key, addresses }: PortLoadBalancer): Element {
  const servers = addresses.map((address) => ({ address }));
  return { section: 'udp.services', key, value: { loadBalancer: { servers } } };
}

function toTcpElements(
  { key, addresses, transport, tls, health }: PortLoadBalancer,
  traefik: TraefikVersion,
): readonly Element[] {
  const { proxyProtocol, ...rest } = transport?.value ?? {};
  const isOld = !hasTransportProxyProtocol(traefik);
  const ofTransport = isOld ? rest : (transport?.value ?? {});
  const needed = transport !== undefined && Object.keys(ofTransport).length > 0 ? transport.key : undefined;
  const loadBalancer = {
    servers: addresses.map((address) => ({ address, ...(tls && { tls }) })),
    ...(needed !== undefined && { serversTransport: needed }),
    ...(isOld && proxyProtocol && { proxyProtocol }),
    ...(health && { healthCheck: health }),
  };
  return [
    { section: 'tcp.services', key, value: { loadBalancer } },
    ...(needed === undefined
      ? []
      : [{ section: 'tcp.serversTransports', key: needed, value: ofTransport } as const]),
  ];
}
