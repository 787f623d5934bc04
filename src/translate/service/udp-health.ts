import { isIP } from 'node:net';
import { facts } from '../../annotations/parts.ts';
import type { Directives } from '../../annotations/directives.ts';
import type { HealthCheck } from '../../model/health.ts';
import type { Service } from '../../model/objects.ts';
import { listSome } from '../../model/problem.ts';
import type { Finding, Servers, WeightedAddress } from '../backend/finding.ts';
import type { Translating } from '../context.ts';

/** The servers of a UDP port that get its datagrams. */
export interface CheckedServers {
  readonly addresses: readonly WeightedAddress[];
  readonly checks: readonly HealthCheck[];
  readonly findings: readonly Finding[];
  readonly carried: readonly string[];
}

/**
 * Takes the servers out that fail the check that the Service asks for, and says what is to be checked: only endpoints, by their own
 * addresses, which may be servers. With fewer than two there is nothing to choose from, and nothing is asked.
 */
export function checkServers(
  { view }: Translating,
  { meta: { ref } }: Service,
  { addresses, carried }: Servers,
  wanted: Directives['udpHealth'],
): CheckedServers {
  if (wanted === undefined || !carried.includes(facts.endpoints))
    return { addresses, checks: [], findings: [], carried: [] };
  const failing = new Set(view.failingEndpoints(ref));
  const hosts = addresses.map(({ host }) => host);
  const checked = [...new Set(hosts)].filter((host) => isIP(host) !== 0);
  const checks = checked.length > 1 ? checked.map((address) => ({ service: ref, address, ...wanted })) : [];
  const down = checks.length === 0 ? [] : checked.filter((host) => failing.has(host));
  const up = addresses.filter((_, index) => !down.includes(hosts[index] ?? ''));
  return {
    // A check that all fail is more likely wrong than all of them are dead.
    addresses: up.length > 0 ? up : addresses,
    checks,
    findings: down.length === 0 ? [] : [describe(ref.name, down, up.length > 0)],
    carried: ['udpHealth'],
  };
}

function describe(name: string, down: readonly string[], isLeft: boolean): Finding {
  const what = isLeft
    ? `${down.length === 1 ? 'endpoint' : 'endpoints'} ${listSome(down)} of Service ${name} fail`
    : `all endpoints of Service ${name} fail`;
  return {
    code: 'health-check-failing',
    message: `${down.length === 1 && isLeft ? `${what}s` : what} the check of fairlead.dev/health-port; ${isLeft ? 'they get no UDP datagrams' : 'so all of them stay'}`,
    hint: 'Check what listens on that port of the endpoints, and that Fairlead can reach it.',
  };
}
