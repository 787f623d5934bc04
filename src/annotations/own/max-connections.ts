import { defineFeature } from '../feature.ts';
import { integer } from '../parsers.ts';

/** How much one client may have open at a time. */
export const maxConnections = defineFeature({
  name: 'max-connections',
  annotations: {
    amount: {
      key: 'fairlead.dev/max-connections',
      on: ['Service', 'Ingress'],
      parse: integer(1, 1_000_000),
      whenInvalid: 'withhold',
      value: 'a count from 1',
      example: '20',
      doc: 'How many connections to a TCP port, and how many HTTP requests, one client address may have open at a time. Further connections are closed at once, further requests get 429. Each Traefik counts by itself, and from 0 after each change of its configuration.',
    },
  },
  apply: ({ amount }) => {
    if (amount === undefined) return {};
    const role = 'max-connections';
    // Of TCP Traefik counts by client address and nothing else; of HTTP it would count by host.
    const inFlightReq = { amount, sourceCriterion: { ipStrategy: { depth: 0 } } };
    return {
      middlewares: [{ stage: 'limit', role, middleware: { inFlightReq } }],
      tcpMiddlewares: [{ stage: 'limit', role, middleware: { inFlightConn: { amount } } }],
    };
  },
});
