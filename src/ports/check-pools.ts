import { defaultPool } from '../model/ports.ts';
import { countBanks } from '../model/bank.ts';
import { inRange, type PoolProtocol, type PortRange } from '../model/port.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { ListenAddress } from '../settings/settings.ts';
import { poolProtocols, toRangeText, type FleetPools } from './allocation/pool.ts';

/** From which Linux takes the ports of outgoing connections (`net.ipv4.ip_local_port_range`). */
const ephemeral = { from: 32768, to: 60999 };

/**
 * Where Traefik's own entryPoints listen by custom: web, websecure, the API, and `/ready`; UDP 443 is HTTP/3. Of each bank besides
 * bank 0 these are `/ready` and the API.
 */
function listOwnPorts(protocol: PoolProtocol, fleet: FleetPools): readonly number[] {
  if (protocol === 'udp') return [443];
  const banks = Array.from({ length: countBanks(fleet) - 1 }, (_, index) => index + 1);
  return [80, 443, 8080, 8082, ...banks.map((bank) => 17_000 + bank), ...banks.map((bank) => 18_000 + bank)];
}

/** The settings that the ports of pools are compared with. */
export interface CheckedSettings {
  readonly fleets: readonly FleetPools[];
  readonly listen: Readonly<Record<'provider' | 'admin', ListenAddress>>;
}

/** Warns of pools that can be used but will hurt. Settings that cannot be used are refused before. */
export function checkPools({ fleets, listen }: CheckedSettings): readonly Problem[] {
  return checkRanges(fleets, (range, protocol, fleet) => [
    ...toEphemeralProblem(range),
    ...toOwnProblems(range, protocol, fleet, listen),
  ]);
}

/** Of these, what cannot be mended on a host: Traefik, or Fairlead beside it, does not start. */
export function checkOwnPorts({ fleets, listen }: CheckedSettings): readonly Problem[] {
  return checkRanges(fleets, (range, protocol, fleet) => toOwnProblems(range, protocol, fleet, listen));
}

function toOwnProblems(
  range: PortRange,
  protocol: PoolProtocol,
  fleet: FleetPools,
  listen: CheckedSettings['listen'],
): readonly Warning[] {
  return [
    ...toOwnPortProblem(range, listOwnPorts(protocol, fleet)),
    ...(protocol === 'tcp' ? toListenerProblem(range, listen) : []),
  ];
}

type CheckRange = (range: PortRange, protocol: PoolProtocol, fleet: FleetPools) => readonly Warning[];

function checkRanges(fleets: readonly FleetPools[], check: CheckRange): readonly Problem[] {
  return fleets.flatMap((fleet) =>
    fleet.pools.flatMap(({ name, ranges }) =>
      poolProtocols.flatMap((protocol) => {
        const range = ranges[protocol]?.range;
        if (range === undefined) return [];
        const field = `${name === defaultPool ? 'ports' : `pools.${name}`}.${protocol}.range`;
        const ref = { source: '', kind: 'Fleet', namespace: '', name: fleet.name };
        return check(range, protocol, fleet).map((details) =>
          toProblem('pool-unwise', ref, { field, ...details }),
        );
      }),
    ),
  );
}

interface Warning {
  readonly message: string;
  readonly hint: string;
}

function toEphemeralProblem(range: PortRange): readonly Warning[] {
  if (range.to < ephemeral.from || range.from > ephemeral.to) return [];
  return [
    {
      message: `The pool ${toRangeText(range)} overlaps ${ephemeral.from}-${ephemeral.to}, from which hosts take the ports of outgoing connections.`,
      hint: `Use ports below ${ephemeral.from}, or reserve them on each host with net.ipv4.ip_local_reserved_ports: otherwise Traefik may find one in use when it starts.`,
    },
  ];
}

function toOwnPortProblem(range: PortRange, own: readonly number[]): readonly Warning[] {
  const taken = own.filter((port) => inRange(range, port));
  if (taken.length === 0) return [];
  const which =
    taken.length > 4 ? `${taken.slice(0, 4).join(', ')} and ${taken.length - 4} more` : taken.join(', ');
  return [
    {
      message: `The pool ${toRangeText(range)} contains ${which}, where the entryPoints of Traefik itself listen.`,
      hint: `Use a range above ${own.at(-1)}: two entryPoints cannot listen on one port.`,
    },
  ];
}

/** A listener on loopback is where Traefik is, which then cannot listen on every address with the same port. */
function toListenerProblem(
  range: PortRange,
  { provider, admin }: CheckedSettings['listen'],
): readonly Warning[] {
  const taken = [provider, admin]
    .filter(({ host, port }) => isLoopback(host) && inRange(range, port))
    .map(({ port }) => port);
  if (taken.length === 0) return [];
  return [
    {
      message: `The pool ${toRangeText(range)} contains ${taken.join(', ')}, where Fairlead listens on this host.`,
      hint: 'Move the pool, or set another port in listen: Traefik cannot start while one of its ports is taken.',
    },
  ];
}
