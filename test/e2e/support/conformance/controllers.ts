import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectRoot } from '../fairlead.ts';

/** Who answers the suite's objects. */
export interface Controller {
  readonly name: 'fairlead' | 'traefik';
  readonly gatewayClass: string;
  /** The plugins that Traefik has for Fairlead. */
  readonly plugins: readonly string[];
}

export interface StartOptions {
  /** The program. */
  readonly traefik: string;
  /** For configuration files and logs. */
  readonly folder: string;
}

/** What clients dial: in the private network every address is this machine's own. */
const address = '10.77.1.1';
/** The entryPoints for HTTP, HTTPS and TLS, by the port of listeners. */
const listeners = { 80: 'web', 443: 'websecure', 8080: 'p8080', 8090: 'p8090', 8443: 'p8443', 8883: 'p8883' };
const tcpPorts = [9300, 9321] as const;
const udpPorts = [5300, 5312] as const;
const provider = '127.0.0.1:9080';

/** A shell script that makes the GatewayClass, and runs the controller and its Traefik until it is ended. */
export function listStart(controller: Controller, options: StartOptions): readonly string[] {
  const { gatewayClass } = controller;
  const programs = controller.name === 'fairlead' ? listFairlead(controller, options) : [];
  const provided =
    controller.name === 'fairlead'
      ? [`--providers.http.endpoint=http://${provider}/traefik`, '--providers.http.pollInterval=200ms']
      : ['--providers.kubernetesgateway=true', `--providers.kubernetesgateway.statusaddress.ip=${address}`];
  const name =
    controller.name === 'fairlead' ? 'fairlead.dev/gateway-controller' : 'traefik.io/gateway-controller';
  return [
    `kubectl apply -f - <<END`,
    `apiVersion: gateway.networking.k8s.io/v1`,
    `kind: GatewayClass`,
    `metadata: {name: ${gatewayClass}}`,
    `spec: {controllerName: ${name}}`,
    'END',
    `trap 'kill $(jobs -p); wait' TERM`,
    ...programs,
    `cd "${options.folder}"`,
    [options.traefik, ...listEntryPoints(), ...provided, ...listPlugins(controller)].join(' ') +
      ` > ${join(options.folder, 'traefik.log')} 2>&1 &`,
    'wait',
  ];
}

function listPool(prefix: string, [first, last]: readonly [number, number], suffix = ''): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).map(
    (port) => `--entrypoints.${prefix}-${port}.address=:${port}${suffix}`,
  );
}

function listEntryPoints(): readonly string[] {
  return [
    ...Object.entries(listeners).map(([port, name]) => `--entrypoints.${name}.address=:${port}`),
    ...listPool('tcp', tcpPorts),
    ...listPool('udp', udpPorts, '/udp'),
    '--entrypoints.traefik.address=127.0.0.1:9082',
    '--api.insecure=true',
    '--log.level=INFO',
    '--log.noColor=true',
    '--providers.providersThrottleDuration=100ms',
    '--global.checkNewVersion=false',
    '--global.sendAnonymousUsage=false',
  ];
}

function listPlugins({ plugins }: Controller): readonly string[] {
  return plugins.map(
    (name) => `--experimental.localPlugins.fairlead-${name}.moduleName=github.com/fairlead/${name}`,
  );
}

function listFairlead({ gatewayClass, plugins }: Controller, { folder }: StartOptions): readonly string[] {
  const config = join(folder, 'fairlead.yaml');
  writeFileSync(
    config,
    stringify({
      listen: { provider, admin: '127.0.0.1:9081' },
      sources: [{ name: 'rig', kubernetes: { kubeconfig: join(folder, 'kubeconfig') } }],
      fleets: [
        {
          name: 'default',
          gatewayClasses: [gatewayClass],
          listeners,
          addresses: [address],
          traefik: '3.8',
          plugins,
          ports: {
            tcp: { range: tcpPorts.join('-') },
            udp: { range: udpPorts.join('-') },
            // Tests ask for the ports of one another as soon as their Gateways are gone.
            cooldown: '0s',
          },
        },
      ],
      ledger: { file: join(folder, 'ports.json') },
    }),
  );
  const program = join(projectRoot, 'dist/fairlead.js');
  return [`${process.execPath} ${program} serve -c ${config} > ${join(folder, 'fairlead.log')} 2>&1 &`];
}
