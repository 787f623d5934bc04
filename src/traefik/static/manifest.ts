import type { FleetSettings } from '../../settings/settings.ts';
import { toArguments } from './args.ts';
import {
  acceptSeconds,
  graceSeconds,
  listPoolEntryPoints,
  readyPort,
  ownEntryPoint,
  type StaticConfigOptions,
  toHttpProvider,
  toStaticConfig,
  tokenVariable,
} from './static-config.ts';
import { readyPath } from '../ready-path.ts';
import { toYaml } from './yaml.ts';

const namespace = 'traefik';

/** Of `ping` where the fleet has no entryPoint for `/ready`. */
const ownPort = 8080;
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
  const { ready } = fleet.entryPoints;
  const probed = ready === undefined ? ownPort : readyPort;
  const toProbe = (path: string, periodSeconds: number) => ({
    httpGet: { path, port: probed },
    periodSeconds,
    timeoutSeconds: 2,
  });
  return {
    serviceAccountName: 'traefik',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: acceptSeconds + graceSeconds + 20,
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
        // Only with its routes; whether it has to be started again is another question.
        readinessProbe: toProbe(ready === undefined ? '/ping' : readyPath, 2),
        livenessProbe: { ...toProbe('/ping', 10), failureThreshold: 6 },
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
  const { http, https, ready } = fleet.entryPoints;
  const ports = new Map([
    [http, 8000],
    [https, 8443],
    [ready ?? ownEntryPoint, ready === undefined ? ownPort : readyPort],
  ]);
  // The API is for hosts: other pods reach this address, and its answers show every route.
  const opened = Object.entries(entryPoints).filter(
    ([name]) => name !== ownEntryPoint || ready === undefined,
  );
  const inContainer = opened.map(([name, entryPoint]) => {
    const port = ports.get(name);
    const address = port === undefined ? entryPoint.address : `:${port}`;
    return [name, { ...entryPoint, address }] as const;
  });
  return toArguments({
    entryPoints: Object.fromEntries(inContainer),
    // `$(NAME)` is what Kubernetes replaces in arguments.
    providers: { ...providers, http: toHttpProvider(options, `$(${tokenVariable})`) },
    ping,
  });
}
