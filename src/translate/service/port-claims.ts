import type { Service, ServicePort } from '../../model/objects.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import type { HeldPort, Holder, PortClaim } from '../../model/ports.ts';
import { annotationField } from '../../model/problem.ts';
import type { Settings } from '../../settings/settings.ts';
import type { AskingService } from './service-http.ts';
import { listUsablePools, reportPools, toPoolChoice } from '../usable-pools.ts';

/** A Service port number that asks, with the protocols it has, and the annotation that says so. */
export interface ExposedPort {
  readonly number: number;
  readonly ports: readonly ServicePort[];
  readonly field: string;
  /** The hostname of the endpoint that it is for; absent: the Service as a whole. */
  readonly endpoint?: string;
}

/**
 * The claims of a Service, for each fleet that serves it, and the parts of its directives that they carry.
 * @param takesFrom The Service whose ports they take over.
 */
export function toClaims(
  settings: Settings,
  exposed: readonly ExposedPort[],
  asking: AskingService,
  held: readonly HeldPort[],
  takesFrom: Holder | undefined,
): { readonly claims: readonly PortClaim[]; readonly carried: readonly string[] } {
  const { service, reading, report } = asking;
  const { directives } = reading;
  const requests = new Map(directives.requestedPorts);
  const claims = exposed.map(({ number, ports, field, endpoint }) => {
    const names = toRequestNames(number, ports, endpoint);
    const name = names.find((each) => requests.has(each));
    const requested = name === undefined ? undefined : requests.get(name);
    for (const each of names) requests.delete(each);
    const protocols = [
      ...new Set(ports.map((port): PoolProtocol => (port.protocol === 'UDP' ? 'udp' : 'tcp'))),
    ].sort();
    return {
      number,
      protocols,
      requested,
      endpoint,
      field: name === undefined ? field : annotationField(`fairlead.dev/request-port.${name}`),
    };
  });
  for (const name of requests.keys()) {
    report('port-unknown', () => ({
      field: annotationField(`fairlead.dev/request-port.${name}`),
      message: `the Service exposes no port ${name}`,
      hint: 'End the key in the name or number of a port that fairlead.dev/expose names.',
    }));
  }
  const request = {
    asker: service,
    asked: directives.pool,
    field: annotationField('fairlead.dev/expose'),
  };
  // What is to stand side by side has to come from one pool.
  const together = [...new Set(claims.flatMap(({ protocols }) => protocols))];
  return {
    claims: settings.fleets.flatMap((fleet) => {
      if (!asking.fleets.includes(fleet.name) || claims.length === 0) return [];
      const usable = listUsablePools(fleet, service);
      reportPools(fleet, usable, { ...request, report }, held);
      return claims.map((claim) => ({
        ...toClaim(fleet.name, service, claim),
        ...toPoolChoice(usable, directives.contiguous === true ? together : claim.protocols, directives.pool),
        ...(directives.contiguous === true && { contiguous: true as const }),
        ...(takesFrom && { takesFrom }),
      }));
    }),
    // Those that name no port have been reported.
    carried: [
      'contiguous',
      'pool',
      'portsFrom',
      'portsTo',
      ...[...(directives.requestedPorts?.keys() ?? [])].map((name) => `requestedPorts/${name}`),
    ],
  };
}

/** What the end of the key of a request may be for a port: its number or name, and of an endpoint its hostname after a dot. */
function toRequestNames(
  number: number,
  ports: readonly ServicePort[],
  endpoint: string | undefined,
): readonly string[] {
  const names = [String(number), ...ports.map((port) => port.name)];
  return endpoint === undefined ? names : names.map((name) => `${name}.${endpoint}`);
}

function toClaim(
  fleet: string,
  service: Service,
  claim: {
    readonly number: number;
    readonly protocols: readonly PoolProtocol[];
    readonly requested: Port | undefined;
    readonly field: string;
    readonly endpoint: string | undefined;
  },
): Omit<PortClaim, 'pools'> {
  const { ref, created } = service.meta;
  const { number: servicePort, protocols, requested, field, endpoint } = claim;
  return {
    fleet,
    holder: ref,
    ...(endpoint !== undefined && { part: { kind: 'endpoint', name: endpoint } }),
    servicePort,
    protocols,
    field,
    ...(created !== undefined && { created }),
    ...(requested !== undefined && { requested }),
  };
}
