import type { Report } from '../../model/problem.ts';
import { anyHost, toHostText, type HostMatch } from '../../routes/match.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { describeHostMistake } from '../host-mistake.ts';

/**
 * The hosts that a route names, each once, as the Gateway API has them: `*.example.com` stands for one label and more. Any host where it
 * names none; what is no host is left out, see `reportHosts`.
 */
export function listHosts(hostnames: readonly string[]): readonly HostMatch[] {
  if (hostnames.length === 0) return [anyHost];
  const hosts = new Map<string, HostMatch>();
  for (const hostname of hostnames) {
    const host = toHostName(hostname);
    if (host.kind === 'invalid') continue;
    const match = toRouteHost(host.value);
    hosts.set(toHostText(match), match);
  }
  return [...hosts.values()];
}

/** A host of the Gateway API. Takes what `toHostName` gives. */
export function toRouteHost(name: string): HostMatch {
  return name.startsWith('*.')
    ? { kind: 'wildcard', suffix: name.slice(2), labels: 'many' }
    : { kind: 'exact', name };
}

/** Reports those that are no hosts. */
export function reportHosts(hostnames: readonly string[], report: Report): void {
  hostnames.forEach((hostname, index) => {
    const host = toHostName(hostname);
    if (host.kind === 'invalid')
      report('host-invalid', () => ({
        field: `spec.hostnames[${index}]`,
        ...describeHostMistake(hostname, host.reason),
      }));
  });
}
