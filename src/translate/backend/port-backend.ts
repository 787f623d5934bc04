import type { Named, PortBackend } from '../../routes/backend.ts';
import { joinName } from '../../traefik/names.ts';
import type { TcpServersTransport } from '../../traefik/servers-transport.ts';
import type { WeightedAddress } from './finding.ts';

/**
 * Where the connections of a port go. A TCP or UDP server has no weight in Traefik: uneven shares take one service for each server
 * under a weighted one.
 */
export function toPortBackend(
  key: string,
  servers: readonly WeightedAddress[],
  transport: Named<TcpServersTransport> | undefined,
): PortBackend {
  const toLeaf = (name: string, addresses: readonly string[]): PortBackend => ({
    kind: 'load-balancer',
    key: name,
    addresses,
    ...(transport && { transport }),
  });
  if (servers.every(({ weight }) => weight === servers[0]?.weight)) {
    return toLeaf(
      key,
      servers.map(({ address }) => address),
    );
  }
  // Part by part, since a part with `_` in it would be hashed.
  const parts = key.split('_');
  return {
    kind: 'weighted',
    key,
    branches: servers.map(({ address, weight }) => ({
      weight,
      backend: toLeaf(joinName(...parts, address), [address]),
    })),
  };
}
