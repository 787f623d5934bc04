import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { projectRoot } from './fairlead.ts';

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.unknown().optional(),
  subsets: z.unknown().optional(),
});
const subsetsSchema = z.array(
  z.object({ addresses: z.array(z.object({ ip: z.string() })), ports: z.array(z.unknown()) }),
);
const oldIngressSchema = z.object({
  rules: z.array(
    z.object({
      host: z.string(),
      http: z.object({
        paths: z.array(z.object({ path: z.string(), backend: z.record(z.string(), z.unknown()) })),
      }),
    }),
  ),
});

type ExampleObject = z.infer<typeof objectSchema>;

/**
 * The objects of ./examples as YAML, as a cluster of today would have them: an Ingress of `extensions/v1beta1`, which no API
 * server takes any more, is one of `networking.k8s.io/v1`; Endpoints are mirrored, as a controller of every cluster
 * does; and cluster IPs are in the range of the API server, `10.96.0.0/16`, with their last two numbers kept.
 */
export function readExampleObjects(): string {
  const folder = join(projectRoot, 'examples');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  return files
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document) => stringify(toPresent(objectSchema.parse(document.toJS()))))
    .join('---\n')
    .replaceAll(/(?<=clusterIP: )\d+\.\d+\.\d+\.\d+/g, toAllowedClusterIp);
}

/** The cluster IP that a Service with this one gets from `readExampleObjects`. */
export function toAllowedClusterIp(address: string): string {
  return address.replace(/^\d+\.\d+/, '10.96');
}

function toPresent(object: ExampleObject): object {
  if (object.apiVersion === 'extensions/v1beta1') return toPresentIngress(object);
  return object.kind === 'Endpoints' ? toMirror(object) : object;
}

function toMirror({ metadata, subsets }: ExampleObject): object {
  const [subset] = subsetsSchema.parse(subsets);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...metadata,
      name: `${metadata.name}-mirrored`,
      labels: {
        'kubernetes.io/service-name': metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
    },
    addressType: 'IPv4',
    ports: subset?.ports,
    endpoints: subset?.addresses.map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })),
  };
}

function toPresentIngress(object: ExampleObject): object {
  const { rules } = oldIngressSchema.parse(object.spec);
  return {
    ...object,
    apiVersion: 'networking.k8s.io/v1',
    spec: {
      rules: rules.map(({ host, http }) => ({
        host,
        http: {
          paths: http.paths.map(({ path, backend }) => ({
            path,
            pathType: 'Prefix',
            backend: {
              service: { name: backend['serviceName'], port: { number: backend['servicePort'] } },
            },
          })),
        },
      })),
    },
  };
}
