import type { FleetSettings } from '../../settings/settings.ts';
import { toArguments } from './args.ts';
import {
  listPoolEntryPoints,
  ownEntryPoint,
  type StaticConfigOptions,
  toHttpProvider,
  toStaticConfig,
  tokenVariable,
} from './static-config.ts';
import { toYaml } from './yaml.ts';

const namespace = 'traefik';
const labels = { 'app.kubernetes.io/name': 'traefik' };

/** The token from a Secret `fairlead-token` with the key `token`; a provider that asks for none needs no Secret. */
export const tokenEnvironment = {
  name: tokenVariable,
  valueFrom: { secretKeyRef: { name: 'fairlead-token', key: 'token', optional: true } },
};

/**
 * A Kubernetes DaemonSet that listens on 80, 443 and all pool ports of each node. It has no rights in the cluster, no root and
 * no capability: the container listens on 8000 and 8443, and the node maps its ports to them.
 */
export function toDaemonSetManifest(fleet: FleetSettings, options: StaticConfigOptions): string {
  const documents = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      // Ports of the host are allowed at this level only.
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'traefik', namespace },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'traefik', namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        // A port of the host can be held by one pod at a time.
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        template: { metadata: { labels }, spec: toPodSpec(fleet, options) },
      },
    },
  ];
  return `# Traefik on every node, made by \`fairlead traefik --format manifest\`.\n${documents.map(toYaml).join('---\n')}`;
}

function toPodSpec(fleet: FleetSettings, options: StaticConfigOptions) {
  const probe = { httpGet: { path: '/ping', port: 8080 }, periodSeconds: 10, timeoutSeconds: 2 };
  return {
    serviceAccountName: 'traefik',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'traefik',
        image: `traefik:v${fleet.traefik.major}.${fleet.traefik.minor}`,
        args: toContainerArguments(fleet, options),
        ...(options.token && { env: [tokenEnvironment] }),
        ports: [
          { name: 'http', containerPort: 8000, hostPort: 80 },
          { name: 'https', containerPort: 8443, hostPort: 443 },
          ...listPoolEntryPoints(fleet).map(({ port, protocol }) => ({
            containerPort: port,
            hostPort: port,
            protocol: protocol.toUpperCase(),
          })),
        ],
        readinessProbe: probe,
        livenessProbe: { ...probe, failureThreshold: 6 },
        resources: { requests: { cpu: '100m', memory: '128Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

function toContainerArguments(fleet: FleetSettings, options: StaticConfigOptions): string[] {
  const { entryPoints, providers, ping } = toStaticConfig(fleet, options);
  const { http, https } = fleet.entryPoints;
  const inContainer = Object.entries(entryPoints).map(([name, entryPoint]) => {
    const address =
      name === http
        ? ':8000'
        : name === https
          ? ':8443'
          : name === ownEntryPoint
            ? ':8080'
            : entryPoint.address;
    return [name, { ...entryPoint, address }] as const;
  });
  return toArguments({
    entryPoints: Object.fromEntries(inContainer),
    // `$(NAME)` is what Kubernetes replaces in arguments.
    providers: { ...providers, http: toHttpProvider(options, `$(${tokenVariable})`) },
    ping,
    // Without `api`: other pods reach this address, and its answers show every route.
  });
}
