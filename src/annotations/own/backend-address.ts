import { defineFeature } from '../feature.ts';
import { oneOf, refuse, toValue, type Parser } from '../parsers.ts';
import type { BackendMode } from '../../settings/settings.ts';

const known = oneOf('endpoints', 'clusterip', 'dns');

const mode: Parser<BackendMode> = (text) =>
  toValue(text).toLowerCase() === 'nodeport'
    ? refuse(
        '"nodeport" cannot be carried out: Fairlead does not read the nodes',
        'Write the nodes into an EndpointSlice of a Service without a selector, with the number of the node port; or route the network of the pods to the edge.',
      )
    : known(text);

/** What a server address is. */
export const backendAddress = defineFeature({
  name: 'backend-address',
  annotations: {
    backends: {
      key: 'fairlead.dev/backends',
      on: ['Service', 'Ingress'],
      parse: mode,
      whenInvalid: 'use-default',
      value:
        '`endpoints`, `clusterip` or `dns` (default: `services.backends` and what goes before it in the configuration, else `endpoints`)',
      example: 'clusterip',
      doc: 'Where traffic is sent: to each ready endpoint, to the cluster IP of the Service, or to its name in the cluster DNS. With the last two Kubernetes chooses among the endpoints, and Traefik is not asked to do anything when a pod comes or goes; weights, stickiness, and checks of single endpoints are then not to be had.',
    },
  },
  apply: ({ backends }) => (backends === undefined ? {} : { backends }),
});
