import * as z from 'zod';
import { parseCidr } from './addresses.ts';
import {
  parseAllocated,
  parseController,
  parseDomain,
  parseExpose,
  parseNamePattern,
  parseNamespacePattern,
  parseSubdomain,
} from './names.ts';
import {
  backendMode,
  crossCheck,
  described,
  label,
  namespacePatterns,
  namespaces,
  textAs,
  unique,
} from './schema-parts.ts';
import { ownAnnotations } from './own-annotations.ts';
import { adoptedSchema } from './schema-adopt.ts';
import { referencesSchema } from './schema-references.ts';

const controller = textAs(parseController);

const owner = z.strictObject({
  hosts: described(z.array(textAs(parseNamePattern)).min(1), {
    description: 'Hosts, or `*.` and a domain for all hosts below it, at any depth.',
    example: '["a.example.com", "*.a.example.com"]',
  }),
  namespaces: described(z.array(label).min(1), {
    description: 'The namespaces that have them.',
    example: '[a]',
  }),
});

/** Of two entries with the same host it would be a matter of chance which one counts. */
const uniqueHosts = z.superRefine<readonly z.output<typeof owner>[]>((owners, context) => {
  const seen = new Set<string>();
  owners.forEach(({ hosts }, index) => {
    hosts.forEach((host, place) => {
      if (seen.has(host)) {
        const params = { hint: 'list all its namespaces in one place' };
        context.addIssue({
          code: 'custom',
          path: [index, 'hosts', place],
          message: 'is there twice',
          params,
        });
      }
      seen.add(host);
    });
  });
});

interface Controllers {
  readonly controller: string;
  readonly adopt: readonly { readonly controller: string }[];
}

/** Section `ingress`. */
export const ingressSchema = described(
  z
    .strictObject({
      controller: described(controller.prefault('fairlead.dev/ingress-controller'), {
        description: 'The `spec.controller` of the IngressClasses that are ours.',
      }),
      adopt: described(
        z
          .array(adoptedSchema)
          .check(unique<{ controller: string }>('controller', (item) => item.controller))
          .prefault([]),
        {
          description: 'Other controllers whose Ingresses are served too.',
          example: '[{controller: k8s.io/ingress-nginx, dialect: nginx}]',
        },
      ),
      unclassed: described(z.enum(['ignore', 'take']).prefault('ignore'), {
        description:
          'What to do with an Ingress that names no class. A cluster with a default class has filled it in before; in a folder the default class counts first. One that is taken has the defaults of Traefik where its controller is adopted in the dialect `traefik` without `classes`, since that takes them as well; else those of Fairlead.',
      }),
      hostOwnership: described(z.enum(['shared', 'namespace']).prefault('shared'), {
        description:
          'Whether namespaces share hosts. `shared`: each may add paths to any host. `namespace`: only the namespace that first routed a host may.',
      }),
      owners: described(z.array(owner).check(uniqueHosts).prefault([]), {
        description:
          'Which namespaces own which hosts, whoever was first, for routes and for the names of certificates. Of several patterns the narrowest counts.',
        example: '[{hosts: ["*.a.example.com"], namespaces: [a]}]',
      }),
      references: referencesSchema,
      priorities: described(z.enum(['spec', 'traefik']).prefault('spec'), {
        description:
          'Which of two matching rules wins. `spec`: exact host before wildcard before none, then the longer path, Exact before Prefix, the older Ingress. `traefik`: the longer rule.',
      }),
    })
    .check(
      crossCheck<Controllers>(['controller', 'adopt'], (ingress, report) => {
        const index = ingress.adopt.findIndex((item) => item.controller === ingress.controller);
        if (index < 0) return;
        report(['adopt', index, 'controller'], 'is ingress.controller itself', 'remove this item');
      }),
    )
    .prefault({}),
  { description: 'Which Ingresses are served, and how.' },
);

const backendRule = z.strictObject({
  namespaces: namespacePatterns('The namespaces of the Services, with `*` for any characters. Empty: all.'),
  ingressClasses: described(z.array(textAs(parseSubdomain)).prefault([]), {
    description:
      'The classes of the Ingresses that lead to the Services. Empty: Services that are reached in any way.',
    example: '[fairlead]',
  }),
  backends: described(backendMode, { description: 'Where their traffic goes.', example: 'clusterip' }),
});

const externalRule = z.strictObject({
  namespaces: described(z.array(textAs(parseNamespacePattern)).min(1), {
    description: 'The namespaces that it is about, with `*` for any characters.',
    type: 'list of namespaces',
    example: '["vm-*"]',
  }),
  allowedCIDRs: described(z.array(textAs(parseCidr)).prefault([]), {
    description: 'The networks in which their endpoints may lie. Empty: none.',
    type: 'list of CIDRs',
    example: '[192.168.0.0/16]',
  }),
  names: described(z.array(textAs(parseNamePattern)).nullable().prefault(null), {
    description:
      'The names that they may route to, as in `services.externalNames.allowed`. Empty: none. Null: as for all namespaces.',
    type: 'list of host names',
    example: '["*.db.example.com"]',
  }),
});

const annotations = z.strictObject({
  expose: described(textAs(parseExpose).prefault(ownAnnotations.key), {
    description: `How a Service asks for pool ports: an annotation key, or key=value. \`${ownAnnotations.key}\` is always understood as well.`,
    type: 'key or key=value',
    example: 'ingress=haproxy-ingress',
  }),
  allocated: described(textAs(parseAllocated).prefault(ownAnnotations.allocated), {
    description:
      'The key under which each allocated port is written back, with `{port}` and perhaps `{protocol}` in it.',
    type: 'key with {port}',
  }),
});

/** `fairlead.dev/expose` has a meaning of its own for each value. */
const exposeIsFree = crossCheck<z.output<typeof annotations>>(['expose'], ({ expose }, report) => {
  if (expose.key !== ownAnnotations.key || expose.value === undefined) return;
  report(['expose'], `gives ${expose.key} a fixed value`, `write ${expose.key} alone, or use another key`);
});

/** Section `services`. */
export const servicesSchema = described(
  z
    .strictObject({
      annotations: described(annotations.check(exposeIsFree).prefault({}), {
        description: 'The annotations that ask for pool ports and that answer.',
        example: `{expose: ${ownAnnotations.key}}`,
      }),
      allowExternalName: described(z.boolean().prefault(false), {
        description: 'Whether Services of type ExternalName are routed to.',
      }),
      externalNames: described(
        z
          .strictObject({
            allowed: described(z.array(textAs(parseNamePattern)).prefault([]), {
              description:
                'The names that Services of type ExternalName and endpoints by name may have; `*.example.com` stands for every name below. Empty: all, but those of the edge, of the API server and of metadata services.',
              type: 'list of host names',
            }),
          })
          .prefault({}),
        {
          description: 'Which names are routed to where `allowExternalName` is set.',
          example: '{allowed: ["*.example.com"]}',
        },
      ),
      ipFamily: described(z.enum(['any', 'first', 'ipv4', 'ipv6']).prefault('any'), {
        description:
          'Which addresses of dual-stack endpoints and Services are used. `first`: those of the family that is first in the Service.',
      }),
      backends: described(backendMode.prefault('endpoints'), {
        description:
          'Where traffic goes by default, as in the annotation `fairlead.dev/backends`: to each endpoint of a Service, to its cluster IP, or to its DNS name. Services without a cluster IP always go by their endpoints, unless they say otherwise themselves.',
      }),
      backendRules: described(z.array(backendRule).prefault([]), {
        description:
          'The same for some namespaces or Ingress classes. The first rule that fits counts, before `sources[].backends` and `services.backends`.',
        example: '[{namespaces: ["batch-*"], backends: clusterip}]',
      }),
      clusterDomain: described(textAs(parseDomain).prefault('cluster.local'), {
        description: 'The DNS domain of the clusters, for `fairlead.dev/backends: dns`.',
      }),
      externalEndpoints: described(
        z
          .strictObject({
            allowedCIDRs: described(z.array(textAs(parseCidr)).prefault(['0.0.0.0/0', '::/0']), {
              description:
                'The networks in which endpoints written by hand may lie, and in folders the cluster IPs. Names are not looked up for this.',
              type: 'list of CIDRs',
            }),
            namespaces: namespaces(
              'The namespaces that may write endpoints by hand, ExternalName Services too. Empty: all.',
            ),
            rules: described(z.array(externalRule).prefault([]), {
              description:
                'What single namespaces may write by hand. The first rule that fits a namespace counts, in place of `allowedCIDRs` and `namespaces` here, and of `services.allowExternalName` and `services.externalNames` where it has `names`.',
              example: '[{namespaces: ["vm-*"], allowedCIDRs: [192.168.0.0/16]}]',
            }),
          })
          .prefault({}),
        {
          description:
            'Endpoints that are not pods, such as virtual machines: those of Services without a selector, and those in EndpointSlices that are not labelled `endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io`.',
          example: '{allowedCIDRs: [192.168.0.0/16]}',
        },
      ),
    })
    .prefault({}),
  { description: 'Which Services are served, and how.' },
);
