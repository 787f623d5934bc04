import type { EndpointGroup, ServicePort } from '../../model/objects.ts';

/** The port of endpoints that belongs to a port of their Service: by name and protocol, and never by number. */
export function findEndpointPort({ ports }: EndpointGroup, port: ServicePort): number | undefined {
  return ports.find((each) => each.name === port.name && each.protocol === port.protocol)?.port;
}
