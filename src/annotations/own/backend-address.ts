import { defineFeature } from '../feature.ts';
import { oneOf, type Parser } from '../parsers.ts';
import type { BackendMode } from '../../settings/settings.ts';

const mode: Parser<BackendMode> = oneOf('endpoints', 'clusterip', 'dns', 'nodeport');

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
        '`endpoints`, `clusterip`, `dns` or `nodeport` (default: `services.backends` and what goes before it in the configuration, else `endpoints`)',
      example: 'clusterip',
      doc: 'Where traffic is sent: to each ready endpoint, to the cluster IP of the Service, to its name in the cluster DNS, or to its node port on each node (`sources[].nodes`). With the last three Kubernetes chooses the endpoint, and Traefik has no work when a pod starts or ends. Weights, sticky sessions and checks of single endpoints are then not available.',
    },
  },
  apply: ({ backends }) => (backends === undefined ? {} : { backends }),
});
