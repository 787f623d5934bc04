import { listCovering, toHostText, type HostMatch } from '../../routes/match.ts';

/** Whether every request for the narrow host is one for the wide host too; a host covers itself. */
export function covers(wide: HostMatch, narrow: HostMatch): boolean {
  return listCovering(narrow).includes(toHostText(wide));
}

/** Whether one of some hosts (as texts, see `toHostText`) covers a host. */
export function isAround(hosts: ReadonlySet<string>, host: HostMatch): boolean {
  return listCovering(host).some((text) => hosts.has(text));
}

/**
 * What hosts of a route and the host of a listener have in common, each once, in the order of the route: of two, one of which covers the
 * other, the narrower. https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec (`hostnames`)
 */
export function intersectHosts(hosts: readonly HostMatch[], listener: HostMatch): readonly HostMatch[] {
  const common = new Map<string, HostMatch>();
  for (const host of hosts) {
    const both = covers(listener, host) ? host : covers(host, listener) ? listener : undefined;
    if (both !== undefined) common.set(toHostText(both), both);
  }
  return [...common.values()];
}
