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
const listeners = {
  80: 'web',
  443: 'websecure',
  8080: 'p8080',
  8090: 'p8090',
  8443: 'p8443',
  8883: 'p8883',
  5300: 'p5300',
};
const tcpPorts = [9300, 9321] as const;
const udpPorts = [5300, 5312] as const;
const provider = '127.0.0.1:9080';

/** A shell script that makes the GatewayClass, and runs the controller and its Traefik until it is ended. */
export function listStart(controller: Controller, options: StartOptions): readonly string[] {
  const isFairlead = controller.name === 'fairlead';
  const name = isFairlead ? 'fairlead.dev/gateway-controller' : 'traefik.io/gateway-controller';
  return [
    'kubectl apply -f - <<END',
    'apiVersion: gateway.networking.k8s.io/v1',
    'kind: GatewayClass',
    `metadata: {name: ${controller.gatewayClass}}`,
    `spec: {controllerName: ${name}}`,
    'END',
    `trap 'kill $(jobs -p); wait' TERM`,
    `cd "${options.folder}"`,
    ...(isFairlead ? listFairlead(controller, options) : listOther(options)),
    'wait',
  ];
}

/** Traefik's own provider. */
function listOther({ traefik }: StartOptions): readonly string[] {
  const own = [
    '--providers.kubernetesgateway=true',
    `--providers.kubernetesgateway.statusaddress.ip=${address}`,
  ];
  return [`${[traefik, ...listEntryPoints(), ...own].join(' ')} > traefik.log 2>&1 &`];
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

function listFairlead(
  { gatewayClass, plugins }: Controller,
  { folder, traefik }: StartOptions,
): readonly string[] {
  writeFileSync(
    join(folder, 'fairlead.yaml'),
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
          refuseUnknownSni: true,
          refuseMisdirected: true,
          ports: {
            tcp: { range: tcpPorts.join('-') },
            udp: { range: udpPorts.join('-') },
            // Tests ask for the ports of one another as soon as their Gateways are gone.
            cooldown: '0s',
            requestable: null,
          },
        },
      ],
      // Tests remove nearly all routes when they are done.
      provider: { shrinkGuard: { mode: 'off' } },
      ledger: { file: join(folder, 'ports.json') },
    }),
  );
  const fairlead = `${process.execPath} ${join(projectRoot, 'dist/fairlead.js')}`;
  return [
    `${fairlead} traefik -c fairlead.yaml --bank 0 ${plugins.length > 0 ? '--plugin-dir .' : ''} > traefik.yml`,
    `${fairlead} serve -c fairlead.yaml > fairlead.log 2>&1 &`,
    `${traefik} --configFile=traefik.yml > traefik.log 2>&1 &`,
  ];
}
