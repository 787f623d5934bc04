import { inRange, isPort } from '../model/port.ts';
import { listNames, type NamedPool } from './pool-names.ts';
import { crossCheck, type CrossReport } from './schema-parts.ts';
import { toFieldPath } from './value-path.ts';

interface Protocols {
  readonly tcp: NamedPool | null;
  readonly udp: NamedPool | null;
}

interface Fleet {
  readonly listeners?: Readonly<Record<string, string>> | undefined;
  readonly entryPoints: { readonly http: string; readonly https: string; readonly ready: string | null };
  readonly ports: Protocols;
  readonly pools: readonly Protocols[];
}

/** A check that the ports of listeners are ports that no pool has, and that HTTP can be served on their entryPoints. */
export const listenersFit = crossCheck<Fleet>(
  ['listeners', 'entryPoints', 'ports', 'pools'],
  (fleet, report) => {
    const { http, https } = fleet.entryPoints;
    const standard: Readonly<Record<string, string>> = { 80: http, 443: https };
    const reserved = toReserved(fleet);
    for (const [port, entryPoint] of Object.entries(fleet.listeners ?? {})) {
      reportPort(fleet, port, report);
      const path = ['listeners', port];
      const whose = reserved.get(entryPoint);
      const own = standard[port];
      if (whose !== undefined) report(path, `is ${whose}`, 'name another one');
      else if (own !== undefined && own !== entryPoint)
        report(path, `is not the entryPoint on ${port}`, `write ${own}, as entryPoints has it`);
    }
  },
);

function reportPort(fleet: Fleet, port: string, report: CrossReport): void {
  if (!/^[1-9]\d{0,4}$/.test(port) || !isPort(Number(port))) {
    report(['listeners', port], 'is not under a port', 'write a number from 1 to 65535 before the colon');
    return;
  }
  const pools = [
    { path: ['ports'], tcp: fleet.ports.tcp },
    ...fleet.pools.map(({ tcp }, index) => ({ path: ['pools', index], tcp })),
  ];
  const pool = pools.find(({ tcp }) => tcp !== null && inRange(tcp.range, Number(port)));
  if (pool === undefined) return;
  const where = toFieldPath([...pool.path, 'tcp', 'range']);
  report(
    ['listeners', port],
    `has the port ${port}, which is in ${where}`,
    'remove it here, or from the pool',
  );
}

/** What entryPoints are for that carry no HTTP of tenants. */
function toReserved({ entryPoints: { ready }, ports, pools }: Fleet): ReadonlyMap<string, string> {
  const reserved = new Map([['traefik', "that of Traefik's API"]]);
  if (ready !== null) reserved.set(ready, 'that of /ready');
  for (const { tcp, udp } of [ports, ...pools])
    for (const pool of [tcp, udp])
      for (const name of pool === null ? [] : listNames(pool)) reserved.set(name, 'that of a port of a pool');
  return reserved;
}
