import type { Values } from './chart.ts';

/** With the Traefik of the chart. */
export const withTraefik = { traefik: { enabled: true } };
/** Whatever may be said differently. */
export const otherValues: Values = {
  addresses: ['192.0.2.10', '2001:db8::10'],
  pool: { tcp: '30000-30002', udp: '' },
  namespaces: ['shop', 'rds'],
  replicas: 1,
  imagePullSecrets: [{ name: 'registry' }],
  ingressClass: { default: true },
  podMonitor: { enabled: true, labels: { release: 'prometheus' } },
  service: { type: 'NodePort', nodePort: 30980, annotations: { a: 'b' } },
  serviceAccount: { annotations: { a: 'b' } },
  networkPolicy: {
    extraIngress: [{ ports: [{ port: 'provider' }] }],
    extraEgress: [{ ports: [{ port: 8080 }] }],
  },
  podAnnotations: { a: 'b' },
  podLabels: { a: 'b' },
  nodeSelector: { a: 'b' },
  tolerations: [{ operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  priorityClassName: 'system-cluster-critical',
  extraEnv: [{ name: 'FAIRLEAD_LOG_LEVEL', value: 'debug' }],
  extraVolumes: [{ name: 'tls', secret: { secretName: 'fairlead-provider-tls' } }],
  extraVolumeMounts: [{ name: 'tls', mountPath: '/etc/fairlead-tls', readOnly: true }],
  config: { ingress: { hostOwnership: 'namespace' }, admin: {} },
  traefik: { enabled: true, tolerations: [{ operator: 'Exists' }], nodeSelector: { edge: 'true' } },
};
/** Values that the tests render, each with its name. */
export const cases: readonly (readonly [string, Values])[] = [
  ['the defaults', {}],
  ['a Traefik', withTraefik],
  ['other values everywhere', otherValues],
  ['a configuration of its own', { config: { fleets: [{ name: 'edge', addresses: ['a.example.com'] }] } }],
  [
    'little',
    { rbac: { create: false }, networkPolicy: { enabled: false }, ingressClass: { enabled: false } },
  ],
];
