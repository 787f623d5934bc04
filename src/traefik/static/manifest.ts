import type { FleetSettings } from '../../settings/settings.ts';
import { toArguments } from './args.ts';
import {
  ownEntryPoint,
  type StaticConfigOptions,
  toApiPort,
  toHttpProvider,
  toReadyPort,
  toStaticConfig,
  tokenVariable,
} from './static-config.ts';
import { readyPath } from '../ready-path.ts';
import { acceptSeconds, graceSeconds } from './entry-point.ts';
import { goEnvironment } from './go-runtime.ts';
import { listListenerEntryPoints } from './listener-entry-points.ts';
import { listPoolEntryPoints } from './pool-entry-points.ts';
import { pluginFolder, toExperimental, type PluginFiles } from './local-plugins.ts';
import { toYaml } from './yaml.ts';

const namespace = 'traefik';

/** The token from a Secret `fairlead-token` with the key `token`; a provider that asks for none needs no Secret. */
export const tokenEnvironment = {
  name: tokenVariable,
  valueFrom: { secretKeyRef: { name: 'fairlead-token', key: 'token', optional: true } },
};

/** The ConfigMap with the files of the plugin. */
export const pluginConfigMap = 'fairlead-gateway-plugin';

export function toPluginConfigMap(files: PluginFiles = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: pluginConfigMap }, data: files };
}

/** What follows `--format …` in the command that makes the configuration of a bank. */
export function toBankFlag(bank: number): string {
  return bank === 0 ? '' : ` --bank ${bank}`;
}

/**
 * The labels of the pods of a bank. Those of bank 0 are not among them: whatever chooses by these, a Service for port 80 or another
 * DaemonSet, must not find pods that do not have the port.
 */
function toLabels(bank: number): Readonly<Record<string, string>> {
  const name = toName(bank);
  return { 'app.kubernetes.io/name': name, ...(bank > 0 && { 'fairlead.dev/bank': String(bank) }) };
}

function toName(bank: number): string {
  return bank === 0 ? 'traefik' : `traefik-bank-${bank}`;
}

/**
 * A Kubernetes DaemonSet that listens on 80, 443 and all pool ports of each node, with its namespace and account; that of another bank
 * stands beside it, and listens on the pool ports of that bank. It has no rights in the cluster, no root and
 * no capability: the container listens on 8000 and 8443, and the node maps its ports to them.
 */
export function toDaemonSetManifest(fleet: FleetSettings, options: StaticConfigOptions): string {
  const { bank = 0 } = options;
  const labels = toLabels(bank);
  const shared = [
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
  ];
  const daemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: toName(bank), namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      // A port of the host can be held by one pod at a time.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      template: { metadata: { labels }, spec: toPodSpec(fleet, options, bank) },
    },
  };
  const files = toPluginConfigMap(options.pluginFiles);
  const plugin = { ...files, metadata: { ...files.metadata, namespace } };
  const all = [...shared, ...(toExperimental(fleet, bank) === undefined ? [] : [plugin]), daemonSet];
  // Whoever deletes one bank by its manifest must not delete the namespace with all of them.
  const documents = bank === 0 ? all : [daemonSet];
  const command = `fairlead traefik --format manifest${toBankFlag(bank)}`;
  return `# Traefik on every node, made by \`${command}\`.\n# GOGC and GOMEMLIMIT: docs/scale.md has what they were chosen by.\n${documents.map(toYaml).join('---\n')}`;
}

function toPodSpec(fleet: FleetSettings, options: StaticConfigOptions, bank: number) {
  const { ready } = fleet.entryPoints;
  const hasPlugin = toExperimental(fleet, bank) !== undefined;
  const probed = ready === undefined ? toApiPort(fleet, bank) : toReadyPort(fleet, bank);
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
        env: [...goEnvironment, ...(options.token ? [tokenEnvironment] : [])],
        ports: [
          ...(bank === 0 ? [...webPorts, ...toListenerPorts(fleet)] : []),
          ...listPoolEntryPoints(fleet, bank).map(({ port, protocol }) => ({
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
        ...(hasPlugin && { volumeMounts: [{ name: pluginConfigMap, mountPath: `/${pluginFolder}` }] }),
      },
    ],
    ...(hasPlugin && { volumes: [{ name: pluginConfigMap, configMap: { name: pluginConfigMap } }] }),
  };
}

const webPorts = [
  { name: 'http', containerPort: 8000, hostPort: 80 },
  { name: 'https', containerPort: 8443, hostPort: 443 },
];

function toListenerPorts(fleet: FleetSettings) {
  return listListenerEntryPoints(fleet).map(({ port, containerPort }) => ({ containerPort, hostPort: port }));
}

function toContainerArguments(fleet: FleetSettings, options: StaticConfigOptions): string[] {
  const { entryPoints, providers, ping, experimental } = toStaticConfig(fleet, options);
  const { http, https, ready } = fleet.entryPoints;
  const { bank = 0 } = options;
  const ports = new Map([
    [http, 8000],
    [https, 8443],
    ...listListenerEntryPoints(fleet).map(({ name, containerPort }) => [name, containerPort] as const),
    [ready ?? ownEntryPoint, ready === undefined ? toApiPort(fleet, bank) : toReadyPort(fleet, bank)],
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
    ...(experimental && { experimental }),
  });
}
