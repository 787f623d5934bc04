import type { Rule } from '../finding.ts';
import { toSeconds } from '../words.ts';

/** The header `Date` has whole seconds, and an answer may take a while. */
const mostMs = 10_000;

export const clockSkew: Rule = {
  code: 'clock-skew',
  finds:
    'The clocks of this machine and of an API server, a Traefik or Fairlead differ: certificates count as not yet valid or expired, and Leases and times mislead.',
  mend: 'Run a time service there (`chronyc tracking`, `timedatectl`).',
  needs: 'whatever is asked over HTTP',
  check: ({ traefiks, clusters, server }) =>
    [
      ...traefiks.map(({ name, clockAheadMs }) => ({ where: name, clockAheadMs })),
      ...clusters.map(({ source, clockAheadMs }) => ({ where: `source ${source}`, clockAheadMs })),
      ...(server === null ? [] : [{ where: server.url, clockAheadMs: server.clockAheadMs }]),
    ].flatMap(({ where, clockAheadMs }) =>
      clockAheadMs === null || Math.abs(clockAheadMs) <= mostMs
        ? []
        : [
            {
              where,
              message: `Its clock is ${toSeconds(Math.abs(clockAheadMs))} ${clockAheadMs > 0 ? 'ahead of' : 'behind'} that of this machine`,
              mend: 'set both by a time service: timedatectl set-ntp true',
            },
          ],
    ),
};
