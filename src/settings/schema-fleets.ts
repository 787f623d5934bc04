import * as z from 'zod';
import type { PoolProtocol, PortRange } from '../model/port.ts';
import { parseFleetAddress } from './addresses.ts';
import {
  parseEntryPointName,
  parseEntryPointTemplate,
  parseNamespacedName,
  parseSubdomain,
} from './names.ts';
import { findSharedName, liesWithin, type NamedPool } from './pool-names.ts';
import { crossCheck, described, label, textAs, textOrNumberAs, unique } from './schema-parts.ts';
import { parseDuration, parsePortRange, parseTraefikVersion } from '../lib/units.ts';

const entryPointName = textAs(parseEntryPointName);
const range = textOrNumberAs(parsePortRange);

/** The ports of a pool that is not configured, and the band in them that may be asked for by number. */
export const standardPorts = { range: '20000-20099', requestable: '20080-20099' };

function pool(protocol: PoolProtocol) {
  const fields = z.strictObject({
    range: described(range.prefault(standardPorts.range), {
      description: 'The ports, first and last included.',
      type: 'port range',
    }),
    entryPoint: described(
      textAs((text) => parseEntryPointTemplate(text, `${protocol}-{port}`)).prefault(`${protocol}-{port}`),
      {
        description: 'How the entryPoint of a port is called in Traefik.',
        type: 'text with {port}',
      },
    ),
  });
  return described(fields.nullable().prefault({}), {
    description: `The pool of ${protocol.toUpperCase()} ports. Null: none.`,
    example: `{range: ${standardPorts.range}}`,
  });
}

interface Pools {
  readonly tcp: NamedPool | null;
  readonly udp: NamedPool | null;
}

interface Ports extends Pools {
  readonly requestable?: PortRange | null | undefined;
}

const requestableInPool = crossCheck<Ports>(
  ['tcp', 'udp', 'requestable'],
  ({ tcp, udp, requestable }, report) => {
    if (!requestable) return;
    const inside = [tcp, udp].some((one) => one && liesWithin(requestable, one.range));
    if (!inside)
      report(
        ['requestable'],
        'does not lie within a pool',
        'choose a part of tcp.range or udp.range, or null',
      );
  },
);

/** A count of 1 or more. */
const count = z.number().superRefine((value, context) => {
  if (Number.isInteger(value) && value >= 1) return;
  context.addIssue({
    code: 'custom',
    message: 'is not a count',
    params: { hint: 'write a whole number from 1 on, or null' },
  });
});

const ports = z
  .strictObject({
    tcp: pool('tcp'),
    udp: pool('udp'),
    requestable: described(range.nullable().optional(), {
      description:
        'The band of ports that may be asked for by number; the others are handed out. Null: any port serves both.',
      type: 'port range',
      example: standardPorts.requestable,
      defaultText: `\`${standardPorts.requestable}\` where a pool has it, else null`,
    }),
    cooldown: described(textAs(parseDuration).prefault('10m'), {
      description: 'How long a freed port cools down before another Service may get it.',
      type: 'duration',
    }),
    maxPerNamespace: described(count.nullable().prefault(null), {
      description:
        'How many pool ports one namespace may have: those that its Services hold, and those that cool down after them. Null: any number.',
      example: '10',
    }),
  })
  .check(requestableInPool);

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

interface Named {
  readonly entryPoints: { readonly http: string; readonly https: string; readonly ready: string | null };
  readonly ports: Pools;
}

const namesDiffer = crossCheck<Named>(['entryPoints', 'ports'], (fleet, report) => {
  const { tcp, udp } = fleet.ports;
  const names = new Set(Object.values(fleet.entryPoints).filter((name) => name !== null));
  for (const [protocol, one] of [
    ['tcp', tcp],
    ['udp', udp],
  ] as const) {
    const taken = one && findSharedName(one, names);
    if (!taken) continue;
    report(
      ['ports', protocol, 'entryPoint'],
      `makes ${taken}, which entryPoints has already`,
      'use another name',
    );
  }
  const shared = tcp && udp && findSharedName(udp, tcp);
  if (!shared) return;
  report(
    ['ports', 'udp', 'entryPoint'],
    `makes ${shared}, as ports.tcp.entryPoint does`,
    'name the two pools differently: one entryPoint carries one protocol',
  );
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
        })
        .prefault({}),
      {
        description: 'The entryPoints of Traefik that are shared by name.',
        example: '{http: web, https: websecure, ready: ready}',
      },
    ),
    addresses: described(z.array(textAs(parseFleetAddress)).prefault([]), {
      description:
        'The addresses of the fleet, published in the Ingress status and with each allocated port. Each is a host name, an IP address, or a Service of the first cluster source that has it: `service:namespace/name` stands for the addresses of its load balancer, else its external IPs; `endpoints:namespace/name` for those of its ready endpoints, which are the nodes when Traefik runs on the host network (with a hostPort only they are pods: use the other forms). While nothing is found there, what is published stays.',
      example: '[edge.example.com]',
    }),
    traefik: described(textOrNumberAs(parseTraefikVersion).prefault('3.7'), {
      description: 'The oldest Traefik of the fleet, from 3.0. Nothing is emitted that it would not decode.',
      type: 'version',
      example: '"3.7"',
    }),
    defaultCertificate: described(defaultCertificate.nullable().prefault(null), {
      description:
        'The certificate for hosts that have none of their own, sent like all keys to an authenticated or loopback listener only. Null: Traefik makes a new one itself with every change, which costs it 20 to 200 ms of CPU.',
      example: '{secret: edge/wildcard-example-com}',
    }),
    ports: described(ports.prefault({}), {
      description: 'The port pools.',
      example: `{tcp: {range: ${standardPorts.range}}}`,
    }),
  })
  .check(namesDiffer);

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
