import * as z from 'zod';
import { parseFleetAddress } from './addresses.ts';
import { listenersFit } from './listeners-fit.ts';
import { parseMetricsUrl } from './metrics-url.ts';
import { parseTraefikApiUrl } from './traefik-api-url.ts';
import { parseEntryPointName, parseNamespacedName, parseSubdomain, parseZone } from './names.ts';
import { poolsDiffer } from './pools-differ.ts';
import { described, label, textAs, textOrNumberAs, unique } from './schema-parts.ts';
import { poolsSchema, portsSchema } from './schema-pools.ts';
import { proxyProtocolSchema } from './schema-proxy-protocol.ts';
import { parseTraefikVersion } from '../lib/units.ts';

const entryPointName = textAs(parseEntryPointName);
const defaultCertificate = z.strictObject({
  secret: described(textAs(parseNamespacedName), {
    description: 'The TLS Secret, as namespace/name.',
    example: 'edge/wildcard-example-com',
  }),
  source: described(label.optional(), {
    description: 'The source that has it; default the first.',
    example: 'prod',
  }),
});

const fleet = z
  .strictObject({
    name: described(label.prefault('default'), {
      description: 'Names the fleet in annotations and in the URL that its Traefik polls.',
      type: 'DNS label',
    }),
    ingressClasses: described(z.array(textAs(parseSubdomain)).prefault(['fairlead']), {
      description: 'The Ingress classes that this fleet serves.',
    }),
    gatewayClasses: described(z.array(textAs(parseSubdomain)).prefault(['fairlead']), {
      description:
        'The GatewayClasses that this fleet serves, of those that name `gateway.controller` as their controller.',
    }),
    listeners: described(z.record(z.string(), entryPointName).optional(), {
      description:
        'The ports that Gateway listeners for HTTP, HTTPS and TLS may have, as clients use them, each with its entryPoint. `fairlead traefik` writes those that are not in `entryPoints`. Ports of the pools, for listeners for TCP, UDP and TLS, are not listed here.',
      type: 'entryPoints by port',
      example: '{80: web, 443: websecure, 8080: web8080}',
      defaultText: '80 to `entryPoints.http`, 443 to `entryPoints.https`',
    }),
    plugins: described(z.array(z.enum(['gateway'])).prefault([]), {
      description:
        'The plugins of Fairlead that the Traefiks of the fleet have in their static configuration. `gateway` is for header filters of HTTPRoutes with `add`, and for redirects with 303, 307 and 308. Without it such rules are refused.',
      example: '[gateway]',
    }),
    refuseUnknownSni: described(z.boolean().prefault(false), {
      description:
        'Whether TLS connections for unknown names are closed, as the Gateway API wants for TLS listeners. Otherwise Traefik shows its own certificate. It also does so while an HTTPS route is for any host, or for a wildcard over several labels: then no name is unknown.',
    }),
    refuseMisdirected: described(z.boolean().prefault(false), {
      description:
        'Whether an HTTPS request gets 421 if its connection was opened for another listener of the Gateway. The hosts of such listeners then have their own TLS options, with the content of Traefik’s defaults. Leave it off if the Traefiks have options called `default` from elsewhere.',
    }),
    entryPoints: described(
      z
        .strictObject({
          http: described(entryPointName.prefault('web'), { description: 'The entryPoint of HTTP routers.' }),
          https: described(entryPointName.prefault('websecure'), {
            description: 'The entryPoint of routers with TLS.',
          }),
          ready: described(entryPointName.nullable().prefault('ready'), {
            description:
              'The entryPoint on which `/ready` answers 200 once Traefik has its routes, and 404 before. Null: there is none.',
          }),
          others: described(z.array(entryPointName).prefault([]), {
            description:
              'More entryPoints for HTTP in the static configuration of the Traefiks. Every Ingress may use them, by `traefik.ingress.kubernetes.io/router.entrypoints`, so name none that only some may use.',
            example: '[internal]',
          }),
        })
        .prefault({}),
      {
        description: 'The entryPoints of Traefik that are shared by name.',
        example: '{http: web, https: websecure, ready: ready}',
      },
    ),
    addresses: described(z.array(textAs(parseFleetAddress)).prefault([]), {
      description:
        'The addresses of the fleet, published in the Ingress status and with each allocated port. Each is a host name, an IP address, or a Service of the first cluster source that has it. `service:namespace/name` stands for the addresses of its load balancer, else its external IPs. `endpoints:namespace/name` stands for the addresses of its ready endpoints: the nodes if Traefik runs on the host network, else pods. While nothing is found there, what is published stays.',
      example: '[edge.example.com]',
    }),
    traefik: described(textOrNumberAs(parseTraefikVersion).prefault('3.7'), {
      description:
        'The oldest version of Traefik in the fleet, from 3.0 on. Nothing is sent that it could not decode.',
      type: 'version',
      example: '"3.7"',
    }),
    defaultCertificate: described(defaultCertificate.nullable().prefault(null), {
      description:
        'The certificate for hosts without their own. Like all keys it is only sent to an authenticated Traefik, or over loopback. Null: Traefik makes a new one at every change, which costs it 20 to 200 ms of CPU.',
      example: '{secret: edge/wildcard-example-com}',
    }),
    zone: described(textAs(parseZone).nullable().prefault(null), {
      description:
        'The zone in which the Traefiks of the fleet are, as nodes have it in the label `topology.kubernetes.io/zone`. Endpoints with hints for this zone are then preferred, if all endpoints of their Service have hints (`spec.trafficDistribution` of the Service asks for them). Null: no endpoint is preferred.',
      type: 'value of a label',
      example: 'eu-west-1a',
    }),
    metrics: described(z.array(textAs(parseMetricsUrl)).prefault([]), {
      description:
        'Where each Traefik of the fleet serves its metrics for Prometheus (`metrics.prometheus` in its static configuration). The leader reads them during a `fairlead.dev/migrate-plan`, and lets the plan wait while too many requests fail.',
      example: '["http://traefik.traefik:8082/metrics"]',
    }),
    api: described(z.array(textAs(parseTraefikApiUrl)).max(20).prefault([]), {
      description:
        'Where the API of each Traefik of the fleet is (`api` in its static configuration), at most 20. A name with several addresses stands for a Traefik at each. Every replica reads there which answer each Traefik has applied, which entryPoints it lacks and which routers it refuses, for `explain`, `/api/traefiks`, problems and metrics. A port is announced once each Traefik that answers serves it.',
      example: '["http://127.0.0.1:8080"]',
    }),
    proxyProtocol: proxyProtocolSchema,
    ports: portsSchema,
    pools: poolsSchema,
  })
  .check(poolsDiffer, listenersFit);

/** Section `fleets`. */
export const fleetsSchema = described(
  z
    .array(fleet)
    .min(1)
    .check(unique<{ name: string }>('name', ({ name }) => name))
    .prefault([{}]),
  {
    description:
      'The fleets: Traefik instances that share one static configuration. The first serves what names no fleet.',
    example: '[{name: default}]',
    defaultText: 'one fleet with the defaults below',
  },
);
