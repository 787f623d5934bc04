import { append } from '../../lib/group-by.ts';
import type { PortBackend } from '../../routes/backend.ts';
import { joinName } from '../../traefik/names.ts';
import type { WeightedAddress } from './finding.ts';
import type { TcpOptions } from './tcp-options.ts';

/**
 * Where the connections of a port go. A TCP or UDP server has no weight in Traefik: uneven shares take one service for all servers of
 * one weight, under a weighted one that gives it as many shares as there are servers in it.
 * @param options How they go on; only for TCP.
 */
export function toPortBackend(
  key: string,
  servers: readonly Pick<WeightedAddress, 'address' | 'weight'>[],
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
  const byWeight = new Map<number, string[]>();
  for (const { address, weight } of servers) append(byWeight, weight, address);
  if (byWeight.size < 2) return toLeaf(key, [...byWeight.values()].flat());
  // Part by part, since a part with `_` in it would be hashed.
  const parts = key.split('_');
  return {
    kind: 'weighted',
    key,
    branches: [...byWeight]
      .sort(([a], [b]) => b - a)
      .map(([weight, addresses]) => ({
        weight: weight * addresses.length,
        backend: toLeaf(joinName(...parts, `weight:${weight}`), addresses),
      })),
  };
}
