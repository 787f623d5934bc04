import type { ServerGroup } from '../../routes/backend.ts';
import type { WeightedAddress } from './finding.ts';

/** The same servers in the same order. */
export function toServerGroups(servers: readonly WeightedAddress[]): readonly ServerGroup[] {
  const groups: { readonly port: number; readonly weight: number; readonly hosts: string[] }[] = [];
  for (const { host, port, weight } of servers) {
    const group = groups.at(-1);
    if (group?.port === port && group.weight === weight) group.hosts.push(host);
    else groups.push({ hosts: [host], port, weight });
  }
  // The copies have no room for more; see `mapGiven`.
  return groups.map(({ hosts, port, weight }) => ({ hosts: hosts.slice(), port, weight }));
}
