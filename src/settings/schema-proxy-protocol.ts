import * as z from 'zod';
import { parseCidr } from './addresses.ts';
import { described, textAs } from './schema-parts.ts';

/** Field `proxyProtocol` of a fleet: whose word counts for the address of a client. */
export const proxyProtocolSchema = described(
  z
    .strictObject({
      trustedIPs: described(z.array(textAs(parseCidr)).prefault([]), {
        description:
          'The networks of the load balancers before Traefik, whose connections may begin with a header of the PROXY protocol. Its address then counts as that of the client: for `fairlead.dev/allow-cidrs`, for `fairlead.dev/max-connections`, and for what backends hear. From others such a header is passed over. Empty: from nobody.',
        type: 'list of networks',
        example: '[10.0.0.0/24]',
      }),
      entryPoints: described(z.enum(['all', 'http', 'pools']).prefault('all'), {
        description:
          'Which entryPoints are behind them: those of HTTP, the TCP ports of the pools, or both. There, Traefik waits up to 3 s for a client to speak first, in case that it sends a header: a client that comes past the load balancers to a server that speaks first (MySQL, SMTP) is greeted that much later.',
      }),
    })
    .prefault({}),
  {
    description:
      'The PROXY protocol from clients, on the TCP entryPoints of the static configuration: those of HTTP and those of the pools.',
    example: '{trustedIPs: [10.0.0.0/24]}',
  },
);
