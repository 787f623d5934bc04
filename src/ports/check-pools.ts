import { defaultPool } from '../model/ports.ts';
import { inRange, type PoolProtocol, type PortRange } from '../model/port.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { poolProtocols, toRangeText, type FleetPools } from './allocation/pool.ts';

/** From which Linux takes the ports of outgoing connections (`net.ipv4.ip_local_port_range`). */
const ephemeral = { from: 32768, to: 60999 };

/** Where Traefik's own entryPoints listen by custom: web, websecure, the API, and `/ready`; UDP 443 is HTTP/3. */
const ownPorts: Readonly<Record<PoolProtocol, readonly number[]>> = {
  tcp: [80, 443, 8080, 8082],
  udp: [443],
};

/** Warns of pools that can be used but will hurt. Settings that cannot be used are refused before. */
export function checkPools(fleets: readonly FleetPools[]): readonly Problem[] {
  return fleets.flatMap(({ name: fleet, pools }) =>
    pools.flatMap(({ name, ranges }) =>
      poolProtocols.flatMap((protocol) => {
        const range = ranges[protocol]?.range;
        if (range === undefined) return [];
        const field = `${name === defaultPool ? 'ports' : `pools.${name}`}.${protocol}.range`;
        const ref = { source: '', kind: 'Fleet', namespace: '', name: fleet };
        return [...toEphemeralProblem(range), ...toOwnPortProblem(protocol, range)].map((details) =>
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

function toOwnPortProblem(protocol: PoolProtocol, range: PortRange): readonly Warning[] {
  const taken = ownPorts[protocol].filter((port) => inRange(range, port));
  if (taken.length === 0) return [];
  return [
    {
      message: `The pool ${toRangeText(range)} contains ${taken.join(', ')}, where the entryPoints of Traefik itself listen.`,
      hint: 'Use a range above 8082: two entryPoints cannot listen on one port.',
    },
  ];
}
