import type { FleetSettings } from '../../settings/settings.ts';

/** An entryPoint for HTTP, HTTPS and TLS besides the two that every fleet has. */
export interface ListenerEntryPoint {
  readonly name: string;
  /** What clients dial. */
  readonly port: number;
  /** Where it listens in a container without root, for which the lowest ports are not free. */
  readonly containerPort: number;
}

const lowestUnprivileged = 1_024;

/** What listeners of Gateways need, by port. A name that stands for several ports listens on the first; the others are mapped to it elsewhere. */
export function listListenerEntryPoints({
  listeners,
  entryPoints: { http, https },
}: Pick<FleetSettings, 'entryPoints' | 'listeners'>): readonly ListenerEntryPoint[] {
  const byName = new Map<string, number>();
  for (const [port, name] of [...listeners].toSorted(([a], [b]) => a - b))
    if (name !== http && name !== https && !byName.has(name)) byName.set(name, port);
  return [...byName].map(([name, port]) => ({
    name,
    port,
    containerPort: port < lowestUnprivileged ? port + 10_000 : port,
  }));
}
