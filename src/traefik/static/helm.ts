import type { FleetSettings } from '../../settings/settings.ts';
import { toArguments } from './args.ts';
import {
  readTimeouts,
  type StaticConfigOptions,
  toHttpProvider,
  toPing,
  toReadyPort,
  toWebTransport,
  tokenVariable,
} from './static-config.ts';
import { acceptSeconds, graceSeconds, toProxyProtocol } from './entry-point.ts';
import { goEnvironment } from './go-runtime.ts';
import { listListenerEntryPoints } from './listener-entry-points.ts';
import { listPoolEntryPoints } from './pool-entry-points.ts';
import { readyPath } from '../ready-path.ts';
import { pluginFolder, toExperimental } from './local-plugins.ts';
import { toYaml } from './yaml.ts';
import { pluginConfigMap, toBankFlag, tokenEnvironment, toPluginConfigMap } from './manifest.ts';

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
  const { bank = 0 } = options;
  const experimental = toExperimental(fleet, bank);
  return `# Values for the chart traefik/traefik, made by \`fairlead traefik --format helm${toBankFlag(bank)}\`.
${toYaml({
  image: { tag: `v${major}.${minor}` },
  deployment: {
    kind: workload,
    terminationGracePeriodSeconds: acceptSeconds + graceSeconds + 20,
    ...(ready !== undefined && {
      healthchecksPort: toReadyPort(fleet, bank),
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
  ports: toPorts(fleet, bank, workload),
  // The chart has no values for these.
  additionalArguments: toArguments({
    ...(experimental && { experimental }),
    ...(ready !== undefined && { ping: toPing(fleet) }),
    providers: {
      providersThrottleDuration: '100ms',
      http: toHttpProvider(options, `$(${tokenVariable})`),
    },
  }),
  // docs/scale.md has what the first two were chosen by.
  env: [...goEnvironment, ...(options.token ? [tokenEnvironment] : [])],
  ...(experimental && {
    volumes: [{ name: pluginConfigMap, mountPath: `/${pluginFolder}`, type: 'configMap' }],
    extraObjects: [toPluginConfigMap(options.pluginFiles)],
  }),
})}`;
}

function toPorts(fleet: FleetSettings, bank: number, workload: Workload): Record<string, unknown> {
  const { ready } = fleet.entryPoints;
  const open = (port: number) =>
    workload === 'DaemonSet'
      ? { expose: { default: false }, hostPort: port }
      : { expose: { default: true }, exposedPort: port };
  return {
    ...(bank === 0 ? toWebPorts(fleet, open) : { web: null, websecure: null }),
    ...(ready !== undefined && {
      [ready]: {
        port: toReadyPort(fleet, bank),
        expose: { default: false },
        // The default of a bank without web ports.
        ...(bank > 0 && { asDefault: true }),
      },
    }),
    ...Object.fromEntries(
      listPoolEntryPoints(fleet, bank).map(({ name, port, protocol, options }) => [
        name,
        {
          port,
          ...open(port),
          protocol: protocol.toUpperCase(),
          ...options,
        },
      ]),
    ),
  };
}

function toWebPorts(fleet: FleetSettings, open: (port: number) => object): Record<string, unknown> {
  const { http, https } = fleet.entryPoints;
  const proxied = toProxyProtocol(fleet, 'http');
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
    ...Object.fromEntries(
      listListenerEntryPoints(fleet).map(({ name, port, containerPort }) => [
        name,
        {
          port: containerPort,
          ...open(port),
          ...proxied,
          transport: toWebTransport(readTimeouts.https),
          http: { tls: { enabled: false } },
        },
      ]),
    ),
  };
}
