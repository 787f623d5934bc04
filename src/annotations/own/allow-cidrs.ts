import { defineFeature } from '../feature.ts';
import { cidr, list } from '../parsers.ts';

const networks = list(cidr);

/** Who may connect, by network. */
export const allowCidrs = defineFeature({
  name: 'allow-cidrs',
  annotations: {
    cidrs: {
      key: 'fairlead.dev/allow-cidrs',
      on: ['Service', 'Ingress'],
      parse: networks,
      isList: true,
      whenInvalid: 'withhold',
      value: 'networks in CIDR notation, comma-separated',
      example: '10.0.0.0/8,192.168.7.0/24',
      doc: 'Only clients of these networks get through, over HTTP and TCP. On a Service it holds for every route to it; set on the Ingress as well, both hold. UDP cannot be limited: its pool ports drop everything then.',
    },
  },
  apply: ({ cidrs }) => {
    if (cidrs === undefined) return {};
    const middleware = { ipAllowList: { sourceRange: [...cidrs] } };
    return {
      middlewares: [{ stage: 'access', role: 'allow-cidrs', middleware }],
      tcpMiddlewares: [{ stage: 'access', role: 'allow-cidrs', middleware }],
    };
  },
});
