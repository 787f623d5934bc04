import type { FleetSettings } from '../../settings/settings.ts';
import { toArguments } from './args.ts';
import {
  acceptSeconds,
  graceSeconds,
  listPoolEntryPoints,
  readTimeouts,
  readyPort,
  type StaticConfigOptions,
  toHttpProvider,
  toPing,
  toPoolOptions,
  toProxyProtocol,
  toWebTransport,
  tokenVariable,
} from './static-config.ts';
import { readyPath } from '../ready-path.ts';
import { toYaml } from './yaml.ts';
import { tokenEnvironment } from './manifest.ts';

/** `Deployment`: ports of a Service. `DaemonSet`: the same ports of each node, with no Service. */
export type Workload = 'Deployment' | 'DaemonSet';

/** Values for the official Helm chart of Traefik, written for version 41 of it. */
export function toHelmValues(
  fleet: FleetSettings,
  options: StaticConfigOptions,
  workload: Workload = 'Deployment',
): string {
  const { major, minor } = fleet.traefik;
  const { ready } = fleet.entryPoints;
  return `# Values for the chart traefik/traefik, made by \`fairlead traefik --format helm\`.
${toYaml({
  image: { tag: `v${major}.${minor}` },
  deployment: {
    kind: workload,
    terminationGracePeriodSeconds: acceptSeconds + graceSeconds + 20,
    ...(ready !== undefined && {
      healthchecksPort: readyPort,
      // Only with its routes; whether it has to be started again is another question.
      readinessPath: readyPath,
      livenessPath: '/ping',
    }),
  },
  ...(workload === 'DaemonSet' && {
    // A port of the host can be held by one pod at a time.
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    service: { enabled: false },
  }),
  // All routes come from Fairlead: Traefik itself needs no rights in the cluster.
  providers: { kubernetesCRD: { enabled: false }, kubernetesIngress: { enabled: false } },
  rbac: { enabled: false },
  ingressClass: { enabled: false },
  ports: toPorts(fleet, workload),
  // The chart has no values for these.
  additionalArguments: toArguments({
    ...(ready !== undefined && { ping: toPing(fleet) }),
    providers: {
      providersThrottleDuration: '100ms',
      http: toHttpProvider(options, `$(${tokenVariable})`),
    },
  }),
  ...(options.token && { env: [tokenEnvironment] }),
})}`;
}

function toPorts(fleet: FleetSettings, workload: Workload): Record<string, unknown> {
  const { http, https, ready } = fleet.entryPoints;
  const proxied = toProxyProtocol(fleet, 'http');
  const open = (port: number) =>
    workload === 'DaemonSet'
      ? { expose: { default: false }, hostPort: port }
      : { expose: { default: true }, exposedPort: port };
  return {
    // The chart's own, where the fleet has other names.
    ...(http !== 'web' && { web: null }),
    ...(https !== 'websecure' && { websecure: null }),
    [http]: {
      port: 8000,
      ...open(80),
      asDefault: true,
      ...proxied,
      transport: toWebTransport(readTimeouts.http),
    },
    // Each router says itself whether it has TLS.
    [https]: {
      port: 8443,
      ...open(443),
      asDefault: true,
      ...proxied,
      transport: toWebTransport(readTimeouts.https),
      http: { tls: { enabled: false } },
    },
    ...(ready !== undefined && { [ready]: { port: readyPort, expose: { default: false } } }),
    ...Object.fromEntries(
      listPoolEntryPoints(fleet).map(({ name, port, protocol }) => [
        name,
        {
          port,
          ...open(port),
          protocol: protocol.toUpperCase(),
          ...toPoolOptions(fleet, protocol),
        },
      ]),
    ),
  };
}
