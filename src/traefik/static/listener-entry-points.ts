import { inRange } from '../../model/port.ts';
import type { FleetSettings } from '../../settings/settings.ts';

/** An entryPoint for HTTP, HTTPS and TLS besides the two that every fleet has. */
export interface ListenerEntryPoint {
  readonly name: string;
  /** What clients dial. */
  readonly port: number;
  /** Where it listens in a container without root, for which the lowest ports are not free. */
  readonly containerPort: number;
}

type Fleet = Pick<FleetSettings, 'entryPoints' | 'listeners' | 'pools'>;

const lowestUnprivileged = 1_024;

/** Where HTTP and HTTPS are in a container. */
export const webContainerPorts: readonly number[] = [8000, 8443];

/** What listeners of Gateways need, by port. A name that stands for several ports listens on the first; the others are mapped to it elsewhere. */
export function listListenerEntryPoints(fleet: Fleet): readonly ListenerEntryPoint[] {
  const { listeners } = fleet;
  const { http, https } = fleet.entryPoints;
  const byName = new Map<string, number>();
  for (const [port, name] of [...listeners].toSorted(([a], [b]) => a - b))
    if (name !== http && name !== https && !byName.has(name)) byName.set(name, port);
  const taken = new Set(webContainerPorts);
  return [...byName].map(([name, port]) => {
    const containerPort = toContainerPort(fleet, port, taken);
    taken.add(containerPort);
    return { name, port, containerPort };
  });
}

/** A port on which nothing else of the container listens. */
function toContainerPort({ pools, listeners }: Fleet, port: number, taken: ReadonlySet<number>): number {
  let free = port < lowestUnprivileged ? port + 10_000 : port;
  const isTaken = (): boolean =>
    taken.has(free) ||
    pools.some(({ ranges: { tcp } }) => tcp !== undefined && inRange(tcp.range, free)) ||
    (free !== port && listeners.has(free));
  while (isTaken()) free += 1;
  return free;
}
