import * as z from 'zod';
import { parseCidr } from './addresses.ts';
import { described, textAs } from './schema-parts.ts';

/** Field `proxyProtocol` of a fleet: whose word counts for the address of a client. */
export const proxyProtocolSchema = described(
  z
    .strictObject({
      trustedIPs: described(z.array(textAs(parseCidr)).prefault([]), {
        description:
          'The networks of load balancers in front of Traefik, whose connections may begin with a header of the PROXY protocol. The address in it is then the client address for `fairlead.dev/allow-cidrs`, `fairlead.dev/max-connections` and backends. Headers from others are ignored. Empty: all are.',
        type: 'list of networks',
        example: '[10.0.0.0/24]',
      }),
      entryPoints: described(z.enum(['all', 'http', 'pools']).prefault('all'), {
        description:
          'Which entryPoints are behind them: those of HTTP, the TCP ports of the pools, or both. There Traefik waits up to 3 s for a header. So a client that does not come through the load balancers is greeted that much later by a server that speaks first (MySQL, SMTP).',
      }),
    })
    .prefault({}),
  {
    description:
      'The PROXY protocol from clients, on the TCP entryPoints of the static configuration: those of HTTP and those of the pools.',
    example: '{trustedIPs: [10.0.0.0/24]}',
  },
);
