import { poolProtocols, toRangeText } from '../../ports/allocation/pool.ts';
import type { PortRange } from '../../model/port.ts';
import type { Rule } from '../finding.ts';

export const poolEphemeral: Rule = {
  code: 'pool-ephemeral',
  finds:
    'A pool overlaps the ports that this machine takes for outgoing connections: a Traefik that starts may find one of them in use.',
  mend: 'Move the pool, or have Linux leave its ports out: `sysctl -w net.ipv4.ip_local_reserved_ports=…`.',
  needs: 'to run on the host of Traefik (Linux)',
  check: ({ settings, host: { ephemeral, reserved } }) =>
    settings.fleets.flatMap(({ name, pools }) =>
      pools.flatMap((pool) => {
        const ranges = poolProtocols.flatMap((protocol) => pool.ranges[protocol]?.range ?? []);
        const hit = ranges.find(
          (range) =>
            ephemeral !== null && overlaps(range, ephemeral) && !isCovered(range, ephemeral, reserved),
        );
        if (hit === undefined || ephemeral === null) return [];
        return [
          {
            where: `fleet ${name}, pool ${pool.name}`,
            message: `Its ports ${toRangeText(hit)} overlap ${toRangeText(ephemeral)}, from which this machine takes the ports of outgoing connections`,
            mend: `sysctl -w net.ipv4.ip_local_reserved_ports=${toRangeText(hit)}, or move the pool below ${ephemeral.from}`,
          },
        ];
      }),
    ),
};

function overlaps(a: PortRange, b: PortRange): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** Whether the ports that both have are reserved, all by one range. */
function isCovered(range: PortRange, ephemeral: PortRange, reserved: readonly PortRange[]): boolean {
  const from = Math.max(range.from, ephemeral.from);
  const to = Math.min(range.to, ephemeral.to);
  return reserved.some((each) => each.from <= from && each.to >= to);
}
