import type { Port } from '../../model/port.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { toStaticConfigText } from './format.ts';

const range = { from: 20000 as Port, to: 20099 as Port };

/** The fleet that Fairlead has when none is configured, as far as static configuration goes. */
const fleet: FleetSettings = {
  name: 'default',
  ingressClasses: ['fairlead'],
  gatewayClasses: ['fairlead'],
  listeners: new Map([
    [80, 'web'],
    [443, 'websecure'],
  ]),
  plugins: [],
  entryPoints: { http: 'web', https: 'websecure', ready: 'ready' },
  addresses: [],
  traefik: { major: 3, minor: 7 },
  pools: [
    {
      name: 'default',
      ranges: { tcp: { range, entryPoint: 'tcp-{port}' }, udp: { range, entryPoint: 'udp-{port}' } },
      requestable: { from: 20080 as Port, to: 20099 as Port },
      cooldownMs: 600_000,
      maxPerNamespace: null,
      namespaces: [],
      labels: {},
      bank: null,
      spare: 10,
      bankGraceMs: 3_600_000,
      shrink: false,
    },
  ],
};

const onHost = { providerUrl: 'http://127.0.0.1:9080/traefik/default', holdMs: 4000, token: false };
const inCluster = {
  providerUrl: 'http://fairlead.fairlead-system.svc:9080/traefik/default',
  holdMs: 4000,
  // Private keys are served to clients with a token only, once the provider listens on more than loopback.
  token: true,
};

/** The files of the folder `traefik/`: each format for the default fleet, by file name. */
export function staticConfigSamples(): Readonly<Record<string, string>> {
  return {
    'traefik.yml': toStaticConfigText('yaml', fleet, onHost),
    'traefik.args': toStaticConfigText('args', fleet, onHost),
    'helm-values.yaml': toStaticConfigText('helm', fleet, inCluster),
    'daemonset.yaml': toStaticConfigText('manifest', fleet, inCluster),
  };
}
