import { defineFeature } from '../feature.ts';
import { oneOf } from '../parsers.ts';

const mode = oneOf('endpoints', 'clusterip', 'dns');

/** What a server address is. */
export const backendAddress = defineFeature({
  name: 'backend-address',
  annotations: {
    backends: {
      key: 'fairlead.dev/backends',
      on: ['Service', 'Ingress'],
      parse: mode,
      whenInvalid: 'use-default',
      value: '`endpoints` (default), `clusterip` or `dns`',
      example: 'clusterip',
      doc: 'Where traffic is sent: to each ready endpoint, to the cluster IP of the Service, or to its name in the cluster DNS.',
    },
  },
  apply: ({ backends }) => (backends === undefined ? {} : { backends }),
});
