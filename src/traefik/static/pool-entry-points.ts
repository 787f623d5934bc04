import { toBankRange } from '../../model/bank.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import { findEntryPoint, toEntryPointName, toImportedEntryPoint } from '../../settings/port-pool.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { lifeCycle, toProxyProtocol, type EntryPoint } from './entry-point.ts';

/** One entryPoint of the pools, or of an import. */
export interface PoolEntryPoint {
  readonly name: string;
  readonly port: number;
  readonly protocol: PoolProtocol;
  readonly options: Pick<EntryPoint, 'proxyProtocol' | 'transport'>;
}

type PortsOfFleet = Pick<FleetSettings, 'imported' | 'pools' | 'proxyProtocol'>;

/** Every entryPoint that the pools of a fleet have in a bank: TCP before UDP, pool by pool, by port; then those of imports. */
export function listPoolEntryPoints(fleet: PortsOfFleet, bank = 0): readonly PoolEntryPoint[] {
  const entryPoints: PoolEntryPoint[] = [];
  const proxied = listProxied(fleet);
  for (const protocol of ['tcp', 'udp'] as const) {
    const options = toOptions(fleet, protocol);
    for (const pool of fleet.pools) {
      const ports = pool.ranges[protocol];
      const range = toBankRange(pool, protocol, bank);
      if (ports === undefined || range === undefined) continue;
      for (let port: number = range.from; port <= range.to; port++) {
        const name = toEntryPointName(ports, port as Port);
        const isProxied = protocol === 'tcp' && proxied.has(port);
        entryPoints.push({ name, port, protocol, options: isProxied ? toProxiedOptions(fleet) : options });
      }
    }
  }
  return bank === 0 ? [...entryPoints, ...listImported(fleet)] : entryPoints;
}

/** Those of numbers that no pool has. */
function listImported(fleet: PortsOfFleet): readonly PoolEntryPoint[] {
  const { pools, imported = [] } = fleet;
  return imported.flatMap(({ protocol, port, fromClients }) => {
    if (findEntryPoint(pools, protocol, port) !== undefined) return [];
    const options = fromClients === true ? toProxiedOptions(fleet) : toOptions(fleet, protocol);
    return [{ name: toImportedEntryPoint(protocol, port), port, protocol, options }];
  });
}

/** The TCP ports of imports on which clients say who they are. */
function listProxied({ imported = [] }: PortsOfFleet): ReadonlySet<number> {
  return new Set(imported.flatMap(({ port, fromClients }) => (fromClients === true ? port : [])));
}

/** How long Traefik waits on a pool port for a header of the PROXY protocol, and as long for a client that speaks first by TLS. */
const headerTimeout = '3s';

/** Of an entryPoint of the pool. UDP has no connections to wait for, and no header. */
function toOptions(fleet: PortsOfFleet, protocol: PoolProtocol): PoolEntryPoint['options'] {
  if (protocol === 'udp') return {};
  const proxied = toProxyProtocol(fleet, 'pools');
  // Without a limit of its own it would be 60 s until a server that speaks first greets a client that sends no header, trusted or not.
  const respondingTimeouts = proxied.proxyProtocol && { readTimeout: headerTimeout };
  return { ...proxied, transport: { ...(respondingTimeouts && { respondingTimeouts }), lifeCycle } };
}

/** Whatever the fleet says of the other ports of its pools. */
function toProxiedOptions(fleet: PortsOfFleet): PoolEntryPoint['options'] {
  const { proxyProtocol } = fleet;
  const forPools = proxyProtocol && { proxyProtocol: { ...proxyProtocol, entryPoints: 'pools' as const } };
  return toOptions({ ...fleet, ...forPools }, 'tcp');
}
