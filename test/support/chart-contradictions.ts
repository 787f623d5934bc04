import type { Values } from './chart.ts';

const withTraefik = { enabled: true };
const volume = { name: 'tls', secret: { secretName: 'fairlead-provider-tls' } };
const official =
  'With config.fleets or config.provider.hold use the official chart, with the values of `fairlead traefik --format helm`, or `--format manifest`.';
const rights = 'leave it out, or set rbac.create to false and give them yourself.';

/** Values that are well-formed and contradict one another, each with its name and the line that refuses it. */
export const contradictions: readonly (readonly [string, Values, string])[] = [
  [
    'a heap above the limit',
    { heapMiB: 4096 },
    'heapMiB (4096) has to be below resources.limits.memory (1Gi), or the container is killed before its heap is full: three quarters of it are heapMiB: 768.',
  ],
  [
    'a limit below the heap, in bytes',
    { resources: { limits: { memory: 805_306_368 } } },
    'heapMiB (768) has to be below resources.limits.memory (805306368), or the container is killed before its heap is full: three quarters of it are heapMiB: 576.',
  ],
  [
    'a limit below the request',
    { heapMiB: 100, resources: { limits: { memory: '128M' } } },
    'resources.requests.memory (256Mi) is above resources.limits.memory (128M): Kubernetes refuses such a container.',
  ],
  [
    'a limit of Traefik below its request',
    { traefik: { resources: { limits: { memory: '64Mi' } } } },
    'traefik.resources.requests.memory (128Mi) is above traefik.resources.limits.memory (64Mi): Kubernetes refuses such a container.',
  ],
  [
    'a pool backwards',
    { pool: { tcp: '20099-20000' } },
    'pool.tcp is 20099-20000: write the lower port first, 20000-20099.',
  ],
  [
    'a pool beyond the ports',
    { pool: { udp: '65000-66000' } },
    'pool.udp is 65000-66000: ports are from 1 to 65535.',
  ],
  ['a pool from 0', { pool: { udp: '0-99' } }, 'pool.udp is 0-99: ports are from 1 to 65535.'],
  [
    'a pool with a port of Traefik',
    { pool: { tcp: '8400-8499' }, traefik: withTraefik },
    'pool.tcp contains 8443, which is the port of websecure: two cannot listen on one port.',
  ],
  [
    'a pool with the port of the node',
    { pool: { tcp: '30000-30099' }, service: { type: 'NodePort', nodePort: 30_005 }, traefik: withTraefik },
    'pool.tcp contains 30005, which is service.nodePort: two cannot listen on one port.',
  ],
  [
    'more ports than fit into one object',
    { pool: { tcp: '20000-22000' }, traefik: withTraefik },
    'pool.tcp is 20000-22000: the Traefik of the chart takes at most 2000 ports. For more use the official chart or `fairlead traefik --format manifest`, with banks.',
  ],
  [
    'a label of the selector',
    { podLabels: { 'app.kubernetes.io/name': 'edge' } },
    'podLabels has app.kubernetes.io/name, which the chart sets itself: the Deployment finds its pods by it',
  ],
  [
    'a label of all objects',
    { podMonitor: { enabled: true, labels: { 'helm.sh/chart': 'edge' } } },
    'podMonitor.labels has helm.sh/chart, which the chart sets itself: remove it',
  ],
  [
    'an annotation of the chart',
    { podAnnotations: { 'checksum/config': 'a' } },
    'podAnnotations has checksum/config, which the chart sets itself: it rolls the Deployment when the configuration changes',
  ],
  [
    'a variable of the chart',
    { extraEnv: [{ name: 'FAIRLEAD_PROVIDER_TOKENS', value: 'a' }] },
    'extraEnv has FAIRLEAD_PROVIDER_TOKENS, which the chart sets itself: token.secret and admin.secret name the Secrets',
  ],
  ['a variable twice', { extraEnv: [{ name: 'TZ' }, { name: 'TZ' }] }, 'extraEnv has a name twice: TZ, TZ.'],
  [
    'a volume of the chart',
    { extraVolumes: [{ name: 'config' }] },
    'extraVolumes has config, which is there already: choose another name.',
  ],
  [
    'a mount of no volume',
    { extraVolumeMounts: [{ name: 'tls', mountPath: '/tls' }] },
    'extraVolumeMounts names the volume tls, which extraVolumes has not got.',
  ],
  [
    'a mount over another',
    { extraVolumes: [volume], extraVolumeMounts: [{ name: 'tls', mountPath: '/etc/fairlead/' }] },
    'extraVolumeMounts has the mountPath /etc/fairlead/, which is there already: choose another one.',
  ],
  [
    'no account',
    { serviceAccount: { create: false } },
    'serviceAccount.create is false, and serviceAccount.name names none: no pod would be made without an account.',
  ],
  [
    'a budget that lets no node be drained',
    { podDisruptionBudget: { minAvailable: 2 } },
    'podDisruptionBudget.minAvailable (2) of 2 replicas lets no node be drained: choose fewer, or more replicas.',
  ],
  [
    'a port of nodes without its type',
    { service: { nodePort: 30_980 } },
    'service.nodePort needs service.type NodePort or LoadBalancer.',
  ],
  [
    'a URL for an address',
    { addresses: ['https://edge.example.com'] },
    'addresses has https://edge.example.com: write a host name or an IP address, without scheme and port, or service:NAMESPACE/NAME.',
  ],
  [
    'a listener where the probes do not reach it',
    { config: { listen: { admin: '127.0.0.1:9081' } } },
    'config.listen.admin is 127.0.0.1:9081, where the Service and the probes do not reach it: remove it, it is :9081.',
  ],
  [
    'a ledger of each replica',
    { config: { ledger: { file: '/data/ports.json' } } },
    'config.ledger.file: replicas share their ledger, which is the ConfigMap fairlead-system/fairlead-ports. Remove it.',
  ],
  [
    'a ledger without rights',
    { config: { ledger: { configMap: 'edge/ports' } } },
    `config.ledger.configMap is edge/ports, and the chart gives rights in fairlead-system only: ${rights}`,
  ],
  [
    'a Lease without rights',
    { config: { leaderElection: { lease: 'fairlead-system/edge' } } },
    `config.leaderElection.lease is fairlead-system/edge, and the chart gives rights for fairlead-system/fairlead only: ${rights}`,
  ],
  [
    'a class that no fleet serves',
    { config: { fleets: [{ name: 'edge', ingressClasses: ['edge'] }] } },
    'ingressClass.name is fairlead, which no fleet of config.fleets serves: choose one of their ingressClasses (edge), or set ingressClass.enabled to false.',
  ],
  [
    'a Traefik for other fleets',
    { traefik: withTraefik, config: { fleets: [{ name: 'edge' }] } },
    `traefik.enabled makes a Traefik for \`addresses\` and \`pool\`. ${official}`,
  ],
  [
    'a Traefik for another hold',
    { traefik: withTraefik, config: { provider: { hold: '30s' } } },
    `traefik.enabled makes a Traefik for \`addresses\` and \`pool\`. ${official}`,
  ],
  [
    'a Traefik for a provider with TLS',
    { traefik: withTraefik, config: { provider: { tls: { cert: '/tls/tls.crt', key: '/tls/tls.key' } } } },
    'traefik.enabled makes a Traefik that polls by HTTP. With config.provider.tls use the official chart, with the values of `fairlead traefik --format helm`, or `--format manifest`.',
  ],
  [
    'a Traefik in its own namespace',
    { traefik: { enabled: true, namespace: 'fairlead-system' } },
    'traefik.namespace has to be another namespace than that of the release: its pods have ports of the host.',
  ],
];

/** Values that are close to a contradiction. */
export const notContradictions: readonly (readonly [string, Values])[] = [
  ['no limit', { heapMiB: 4096, resources: { limits: null } }],
  ['no resources at all', { resources: null }],
  ['a limit in bytes', { resources: { limits: { memory: 1_000_000_000 } } }],
  ['a limit with a fraction', { resources: { limits: { memory: '0.8Gi' } } }],
  ['lists and labels taken away', { extraEnv: null, podLabels: null, tolerations: null }],
  ['no replicas, for a while', { replicas: 0 }],
  ['a port of Traefik where the chart has none', { pool: { tcp: '8400-8499' } }],
  ['UDP beside 8443 of TCP', { pool: { tcp: null, udp: '8400-8499' }, traefik: withTraefik }],
  ['a large pool for another Traefik', { pool: { tcp: '20000-29999', udp: null } }],
  [
    'addresses of every form',
    { addresses: ['edge.example.com', '192.0.2.1', '2001:db8::1', 'service:traefik/traefik'] },
  ],
  ['a listener on every address', { config: { listen: { provider: '0.0.0.0:9080', admin: '[::]:9081' } } }],
  [
    'a ledger and a Lease elsewhere, with rights of its own',
    {
      rbac: { create: false },
      config: { ledger: { configMap: 'edge/ports' }, leaderElection: { lease: 'edge/lease' } },
    },
  ],
  [
    'a class of one of several fleets',
    { config: { fleets: [{ name: 'edge', ingressClasses: ['edge'] }, { name: 'inner' }] } },
  ],
  ['half of the replicas', { podDisruptionBudget: { minAvailable: '50%' } }],
];
