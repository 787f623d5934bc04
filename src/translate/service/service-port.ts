import type { Service, ServicePort } from '../../model/objects.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import { toHolder, type HeldPort, type PortClaim } from '../../model/ports.ts';
import { annotationField, type ProblemDetails } from '../../model/problem.ts';
import { exposeDirective } from '../../annotations/own/pool-ports.ts';
import type { ExposeDirective } from '../../annotations/directives.ts';
import { toChain } from '../chain.ts';
import { toElementName, type Translating } from '../context.ts';
import type { PortRoute } from '../../routes/intent.ts';
import { resolveServers } from '../backend/servers.ts';
import type { AskingService } from './service-http.ts';

export interface PortIntents {
  readonly claims: readonly PortClaim[];
  readonly intents: readonly PortRoute[];
}

/** What a Service asks of the pool, and routes for the ports that the ledger already holds for it. */
export function toPortIntents(context: Translating, asking: AskingService): PortIntents {
  // Asked in any case: what is written back of a port has to go when the ledger gives the port up, which is after the Service did.
  const held = context.view.heldPorts(toHolder(asking.service.meta.ref));
  const exposed = findExposed(context, asking);
  if (exposed === undefined) return { claims: [], intents: [] };
  const claims = toClaims(exposed, asking);
  return { claims, intents: toPortRoutes(context, asking, claims, held) };
}

/** A Service port number that asks, with the protocols it has, and the annotation that says so. */
interface ExposedPort {
  readonly number: number;
  readonly ports: readonly ServicePort[];
  readonly field: string;
}

function findExposed(
  context: Translating,
  { service, report }: AskingService,
): readonly ExposedPort[] | undefined {
  for (const { key, value } of context.settings.services.expose) {
    const text = service.meta.annotations[key];
    if (text === undefined || (value !== undefined && text.trim() !== value)) continue;
    const field = annotationField(key);
    const parsed = value === undefined ? exposeDirective(text) : ({ ok: true, value: 'all' } as const);
    if (parsed.ok && parsed.value !== undefined) return choosePorts(service, parsed.value, field, report);
    // Fairlead's own key has been read, and reported, with the other annotations.
    if (!parsed.ok && key !== 'fairlead.dev/expose')
      report('annotation-invalid', { field, message: parsed.message, hint: parsed.hint });
  }
  return undefined;
}

function choosePorts(
  service: Service,
  directive: ExposeDirective,
  field: string,
  report: AskingService['report'],
): readonly ExposedPort[] {
  const chosen = new Map<number, ServicePort[]>();
  const add = (port: ServicePort): void => {
    if (port.protocol === 'SCTP') {
      report('protocol-unsupported', {
        field,
        message: `port ${port.port} is SCTP, which Traefik does not carry`,
        hint: 'Expose TCP and UDP ports only.',
      });
      return;
    }
    const known = chosen.get(port.port) ?? [];
    if (!known.includes(port)) chosen.set(port.port, [...known, port]);
  };
  if (directive === 'all') {
    for (const port of service.ports) add(port);
  } else {
    for (const reference of directive) {
      const found = service.ports.filter(
        (port) => port.name === reference || String(port.port) === reference,
      );
      if (found.length === 0) {
        const offered = service.ports.map((port) => port.name || String(port.port)).join(', ');
        report('port-unknown', {
          field,
          message: `the Service has no port ${reference}`,
          hint: `Use one of its ports: ${offered || 'it has none'}.`,
        });
      }
      for (const port of found) add(port);
    }
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([number, ports]) => ({ number, ports, field }));
}

function toClaims(
  exposed: readonly ExposedPort[],
  { service, directives, fleets, report }: AskingService,
): readonly PortClaim[] {
  const requests = new Map(directives.requestedPorts);
  const claims = exposed.map(({ number, ports, field }) => {
    const names = [String(number), ...ports.map((port) => port.name)];
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
      field: name === undefined ? field : annotationField(`fairlead.dev/request-port.${name}`),
    };
  });
  for (const name of requests.keys()) {
    report('port-unknown', {
      field: annotationField(`fairlead.dev/request-port.${name}`),
      message: `the Service exposes no port ${name}`,
      hint: 'End the key in the name or number of a port that fairlead.dev/expose names.',
    });
  }
  return fleets.flatMap((fleet) => claims.map((claim) => toClaim(fleet, service, claim)));
}

function toClaim(
  fleet: string,
  service: Service,
  claim: {
    readonly number: number;
    readonly protocols: readonly PoolProtocol[];
    readonly requested: Port | undefined;
    readonly field: string;
  },
): PortClaim {
  const { ref, created } = service.meta;
  const { number: servicePort, protocols, requested, field } = claim;
  return {
    fleet,
    holder: toHolder(ref),
    servicePort,
    protocols,
    field,
    ...(created !== undefined && { created }),
    ...(requested !== undefined && { requested }),
  };
}

function toPortRoutes(
  context: Translating,
  asking: AskingService,
  claims: readonly PortClaim[],
  held: readonly HeldPort[],
): readonly PortRoute[] {
  const { service, directives, report } = asking;
  const chain = toChain(context, undefined, {
    ref: service.meta.ref,
    directives: directives.tcpMiddlewares ?? [],
  });
  const told = new Set<string>();
  return claims.flatMap(({ fleet, servicePort, protocols, field }) =>
    protocols.flatMap((protocol): readonly PortRoute[] => {
      const port = held.find(
        (each) =>
          each.fleet === fleet && each.servicePort === servicePort && each.protocols.includes(protocol),
      )?.port;
      const target = service.ports.find(
        (each) => each.port === servicePort && each.protocol.toLowerCase() === protocol,
      );
      if (target === undefined) return [];
      const servers = resolveServers(context, service, target, directives);
      for (const { code, ...details } of servers.findings) {
        if (!told.has(details.message)) report(code, { field, ...details });
        told.add(details.message);
      }
      const unprotected = protocol === 'udp' && chain.some((link) => link.stage === 'access');
      if (unprotected) report('access-limit-unusable', describeOpenUdp(servicePort));
      if (port === undefined) return [];
      const key = toElementName(context, service.meta.ref, String(servicePort));
      return [
        {
          kind: 'port',
          owner: service.meta,
          field,
          fleet,
          protocol,
          port,
          servicePort,
          key,
          servers: directives.withhold === true || unprotected ? [] : servers.addresses,
          chain: protocol === 'tcp' ? chain : [],
          ...(protocol === 'tcp' &&
            directives.tcpTransport && { transport: { key, value: directives.tcpTransport } }),
        },
      ];
    }),
  );
}

/** Traefik has no middlewares for UDP. */
function describeOpenUdp(servicePort: number): ProblemDetails {
  const key = 'fairlead.dev/allow-cidrs';
  return {
    field: annotationField(key),
    message: `${key} cannot be carried out for UDP; what comes in for port ${servicePort} is dropped`,
    hint: 'Move the UDP port to a Service without the annotation, and limit access in the network.',
  };
}
