import type { PortBackend } from '../../routes/backend.ts';
import { joinName } from '../../traefik/names.ts';
import type { WeightedAddress } from './finding.ts';
import type { TcpOptions } from './tcp-options.ts';

/**
 * Where the connections of a port go. A TCP or UDP server has no weight in Traefik: uneven shares take one service for each server
 * under a weighted one.
 * @param options How they go on; only for TCP.
 */
export function toPortBackend(
  key: string,
  servers: readonly WeightedAddress[],
  { transport, tls, health }: TcpOptions = {},
): PortBackend {
  const toLeaf = (name: string, addresses: readonly string[]): PortBackend => ({
    kind: 'load-balancer',
    key: name,
    addresses,
    ...(transport && { transport: { key, value: transport } }),
    ...(tls && { tls }),
    ...(health && { health }),
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
