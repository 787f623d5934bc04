import type { BranchRow } from '../model/published.ts';
import type { Element } from '../render/fragment.ts';

/** A service of Traefik, of any protocol. */
export type AnyService = Extract<Element, { section: `${string}.services` }>['value'];

type Role = BranchRow['role'];

/**
 * The services with servers of their own below a service, each with its part of the traffic. A name that is in a tree above itself, or
 * that leads nowhere, is left out.
 */
export function toBranchRows(services: ReadonlyMap<string, AnyService>, root: string): readonly BranchRow[] {
  return list(services, root, { role: 'share', percent: 100, above: [] });
}

interface Position {
  readonly role: Role;
  readonly percent: number;
  readonly above: readonly string[];
}

function list(
  services: ReadonlyMap<string, AnyService>,
  name: string,
  { role, percent, above }: Position,
): readonly BranchRow[] {
  const service = services.get(name);
  if (service === undefined || above.includes(name)) return [];
  if ('loadBalancer' in service) {
    const servers = service.loadBalancer.servers.map((server) =>
      'url' in server ? server.url : server.address,
    );
    return [{ role, percent: Math.round(percent * 100) / 100, service: name, servers }];
  }
  return listChildren(service).flatMap(({ child, part, as }) =>
    list(services, child, { role: as ?? role, percent: percent * part, above: [...above, name] }),
  );
}

interface Child {
  readonly child: string;
  /** Of the traffic of its parent, from 0 to 1. */
  readonly part: number;
  /** Absent: what the parent is. */
  readonly as?: Role;
}

function listChildren(service: Exclude<AnyService, { loadBalancer: unknown }>): readonly Child[] {
  if ('failover' in service) {
    const { service: main, fallback } = service.failover;
    return [
      { child: main, part: 1 },
      { child: fallback, part: 1, as: 'fallback' },
    ];
  }
  if ('mirroring' in service) {
    const { service: main, mirrors } = service.mirroring;
    return [
      { child: main, part: 1 },
      ...mirrors.map(({ name, percent }) => ({ child: name, part: percent / 100, as: 'copies' as const })),
    ];
  }
  const { services } = 'weighted' in service ? service.weighted : service.highestRandomWeight;
  const total = services.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return services.map(({ name, weight = 1 }) => ({ child: name, part: total === 0 ? 0 : weight / total }));
}
