import { toBankRange } from '../model/bank.ts';
import { isPort, type PoolProtocol, type Port } from '../model/port.ts';
import { findEntryPoint, toEntryPointName, toImportedEntryPoint } from '../settings/port-pool.ts';
import { hostSniAny } from '../traefik/rule.ts';
import type { RenderContext } from './render-context.ts';
import type { Element } from './fragment.ts';

/** A pool port of a fleet that a router is for. */
export interface RoutedPort {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  readonly port: Port;
}

/** Names the router and its service, of TCP and of UDP. The key of an object always has a `_`. */
export const closed = 'closed';

/** Ends every connection at once. */
export const closedTcpService: Element = {
  section: 'tcp.services',
  key: closed,
  value: { loadBalancer: { servers: [] } },
};

/**
 * One router for all pool ports of a protocol in a bank that no other router is for, to a service without servers. Traefik accepts
 * connections to a TCP port without a router and never answers, and goes on sending what comes to such a UDP port to the last
 * backend that it had: that of a Service that gave the port back, and by then perhaps somebody else's.
 */
export function toClosedPortElements(
  { fleet }: RenderContext,
  bank: number,
  routed: readonly RoutedPort[],
  imported: readonly RoutedPort[] = [],
): readonly Element[] {
  const service = { loadBalancer: { servers: [] } };
  const tcp = listEntryPoints(fleet, bank, 'tcp', routed, imported);
  const udp = listEntryPoints(fleet, bank, 'udp', routed, imported);
  const tcpRouter = { entryPoints: tcp, rule: hostSniAny(), ruleSyntax: 'default', service: closed } as const;
  // Never a router without entryPoints: Traefik would attach it to those of HTTP.
  return [
    ...(tcp.length === 0
      ? []
      : [{ section: 'tcp.routers', key: closed, value: tcpRouter } as const, closedTcpService]),
    ...(udp.length === 0
      ? []
      : [
          { section: 'udp.routers', key: closed, value: { entryPoints: udp, service: closed } } as const,
          { section: 'udp.services', key: closed, value: service } as const,
        ]),
  ];
}

function listEntryPoints(
  fleet: RenderContext['fleet'],
  bank: number,
  protocol: PoolProtocol,
  routed: readonly RoutedPort[],
  imported: readonly RoutedPort[],
): readonly string[] {
  const open = new Set<Port>(
    routed.flatMap((each) => (each.fleet === fleet.name && each.protocol === protocol ? each.port : [])),
  );
  const names: string[] = [];
  for (const pool of fleet.pools) {
    const ports = pool.ranges[protocol];
    const range = toBankRange(pool, protocol, bank);
    if (ports === undefined || range === undefined) continue;
    for (let port: number = range.from; port <= range.to; port += 1) {
      if (isPort(port) && !open.has(port)) names.push(toEntryPointName(ports, port));
    }
  }
  if (bank !== 0) return names;
  for (const { fleet: of, protocol: on, port } of imported) {
    const isOther = of === fleet.name && on === protocol && !open.has(port);
    if (isOther && findEntryPoint(fleet.pools, protocol, port) === undefined)
      names.push(toImportedEntryPoint(protocol, port));
  }
  return names;
}
