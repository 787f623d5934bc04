import type { Listener } from '../../model/gateway-specs.ts';
import { isPort, type PoolProtocol } from '../../model/port.ts';
import { listSome } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { RoutePlace } from '../../routes/intent.ts';
import { findEntryPoint } from '../../settings/port-pool.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { Binding, Refusal } from './resolved.ts';

/**
 * Where a listener is served, one binding for each fleet that has its port, or why nowhere.
 * @param isAllocated Its port is handed out, so that the one which is written down means nothing.
 */
export function bindListener(
  fleets: readonly FleetSettings[],
  listener: Listener,
  isAllocated: boolean,
): readonly Binding[] | Refusal {
  const { protocol, tls } = listener;
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      if (isAllocated) return refuseAllocation(protocol);
      if (tls?.mode === 'Passthrough' && protocol === 'HTTPS') return refusePassthrough(listener);
      return orRefuse(fleets, listener, (fleet) => bindHttp(fleet, listener));
    case 'TLS':
      return orRefuse(fleets, listener, (fleet) => bindTls(fleet, listener, isAllocated));
    case 'TCP':
    case 'UDP':
      return orRefuse(fleets, listener, (fleet) => bindPool(fleet, listener, isAllocated));
    default:
      return {
        reason: 'UnsupportedProtocol',
        field: `${listener.field}.protocol`,
        message: `the protocol ${quote(protocol)} is not supported`,
        hint: 'Use HTTP, HTTPS, TLS, TCP or UDP.',
      };
  }
}

function orRefuse(
  fleets: readonly FleetSettings[],
  listener: Listener,
  bind: (fleet: FleetSettings) => Binding | undefined,
): readonly Binding[] | Refusal {
  const bindings = fleets.flatMap((fleet) => bind(fleet) ?? []);
  // Without a fleet it is the Gateway that is refused.
  return bindings.length > 0 || fleets.length === 0 ? bindings : refusePort(fleets, listener);
}

function bindHttp(
  { name: fleet, entryPoints, listeners }: FleetSettings,
  listener: Listener,
): Binding | undefined {
  const entryPoint = listeners.get(listener.port);
  const isTls = listener.protocol === 'HTTPS';
  // The entryPoints that all share are for one of the two each.
  if (entryPoint === undefined || entryPoint === (isTls ? entryPoints.http : entryPoints.https))
    return undefined;
  const place: RoutePlace = { entryPoint, isTls };
  if (isTls)
    return {
      fleet,
      kind: 'http',
      place: entryPoint === entryPoints.https ? { ...place, shared: 'https' } : place,
      tls: {},
    };
  return {
    fleet,
    kind: 'http',
    place: entryPoint === entryPoints.http ? { ...place, shared: 'http' } : place,
  };
}

function bindTls(fleet: FleetSettings, listener: Listener, isAllocated: boolean): Binding | undefined {
  const entryPoint = fleet.listeners.get(listener.port);
  if (!isAllocated && entryPoint !== undefined)
    return entryPoint === fleet.entryPoints.http ? undefined : { fleet: fleet.name, kind: 'sni', entryPoint };
  const binding = bindPool(fleet, listener, isAllocated);
  return binding?.kind === 'port' ? { ...binding, sni: true } : undefined;
}

function bindPool(
  { name: fleet, pools }: FleetSettings,
  { protocol: written, port }: Listener,
  isAllocated: boolean,
): Binding | undefined {
  const protocol: PoolProtocol = written === 'UDP' ? 'udp' : 'tcp';
  const hasPort = isPort(port) && findEntryPoint(pools, protocol, port) !== undefined;
  const isServed = isAllocated ? pools.some(({ ranges }) => ranges[protocol] !== undefined) : hasPort;
  return isServed ? { fleet, kind: 'port', protocol } : undefined;
}

function refusePort(fleets: readonly FleetSettings[], { protocol, port, field }: Listener): Refusal {
  const usable = [...new Set(fleets.flatMap((fleet) => listPorts(fleet, protocol)))];
  const names = listSome(fleets.map(({ name }) => name));
  return {
    reason: 'PortUnavailable',
    field: `${field}.port`,
    message: `${fleets.length === 1 ? 'fleet' : 'the fleets'} ${names} cannot serve ${protocol} on port ${port}`,
    hint:
      usable.length === 0
        ? 'Ask the operators of the edge for such a port (fleets[].listeners and the pools).'
        : `Use ${listSome(usable)}.`,
  };
}

/** The ports that a listener of a protocol may have, for a hint. */
function listPorts({ entryPoints, listeners, pools }: FleetSettings, protocol: string): readonly string[] {
  const unfit = protocol === 'HTTP' ? entryPoints.https : entryPoints.http;
  const mapped = [...listeners].filter(([, name]) => name !== unfit).map(([port]) => String(port));
  const pooled = pools.flatMap(({ ranges }) => {
    const range = ranges[protocol === 'UDP' ? 'udp' : 'tcp']?.range;
    return range === undefined ? [] : `${range.from}-${range.to}`;
  });
  if (protocol === 'HTTP' || protocol === 'HTTPS') return mapped;
  return protocol === 'TLS' ? [...mapped, ...pooled] : pooled;
}

function refusePassthrough({ field }: Listener): Refusal {
  return {
    reason: 'UnsupportedValue',
    field: `${field}.tls.mode`,
    message: 'what passes through has no HTTP that could be routed',
    hint: 'Use the protocol TLS with TLSRoutes, or the mode Terminate.',
  };
}

function refuseAllocation(protocol: string): Refusal {
  return {
    reason: 'PortUnavailable',
    message: `pool ports are for TCP, UDP and TLS, and the listener is for ${protocol}`,
    hint: 'Give the listener a port of the fleet, and take its name out of fairlead.dev/allocate-port.',
  };
}
