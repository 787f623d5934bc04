import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Manifest } from '../../../support/api-server.ts';

const loose = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
});

const clusterWide = new Set(['IngressClass', 'Node', 'Namespace']);
const versions: Readonly<Record<string, string>> = {
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
};

/** The documents of YAML texts that are not empty, as they are. @throws Error for what is no YAML. */
export function toDocuments(text: string): readonly unknown[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}

/**
 * The documents as objects that an API server can tell apart: one without a name gets one by its place among those, as in
 * `unnamed-ingress-1`. The last of several with one name counts, as in a store.
 */
export function toObjects(documents: readonly unknown[], namespace = 'default'): readonly Manifest[] {
  const objects = new Map<string, Manifest>();
  documents.forEach((document, index) => {
    const { apiVersion, kind, metadata, ...rest } = loose.parse(document);
    const name = metadata.name ?? '';
    const { namespace: given = namespace, annotations, labels, ...more } = metadata;
    const named: Manifest = {
      apiVersion: versions[kind] ?? apiVersion ?? 'v1',
      kind,
      metadata: {
        ...more,
        name: name === '' ? `unnamed-${kind.toLowerCase()}-${index + 1}` : name,
        annotations: annotations ?? {},
        labels: labels ?? {},
        ...(clusterWide.has(kind) ? {} : { namespace: given }),
      },
      ...rest,
    };
    objects.set(`${kind} ${named.metadata.namespace ?? ''} ${named.metadata.name}`, named);
  });
  return [...objects.values()];
}

const portSchema = z.looseObject({
  port: z.number().nullish(),
  targetPort: z.unknown().optional(),
  nodePort: z.number().nullish(),
});
const withPorts = z.looseObject({
  ports: z.array(portSchema).nullish(),
  spec: z.looseObject({ ports: z.array(portSchema).nullish() }).nullish(),
});

/** All port numbers that traffic to these objects may go to. */
export function listPorts(objects: readonly Manifest[]): ReadonlySet<number> {
  const all = objects.flatMap((object) => {
    const { ports, spec } = withPorts.safeParse(object).data ?? {};
    return [...(ports ?? []), ...(spec?.ports ?? [])];
  });
  return new Set(
    all.flatMap(({ port, targetPort, nodePort }) =>
      [port, targetPort, nodePort].filter((each): each is number => typeof each === 'number' && each > 0),
    ),
  );
}

const withAddress = z.looseObject({
  spec: z.looseObject({ externalName: z.string().optional(), clusterIP: z.string().optional() }).nullish(),
});

/** The lines of a hosts file for all names that traffic to these objects may go to. */
export function listHostLines(objects: readonly Manifest[]): readonly string[] {
  const lines = new Map<string, string>();
  for (const object of objects) {
    const { externalName, clusterIP = '' } = withAddress.safeParse(object).data?.spec ?? {};
    if (externalName !== undefined) lines.set(externalName, `10.200.0.${lines.size % 250}`);
    const { name, namespace = '' } = object.metadata;
    if (object.kind === 'Service' && /^\d/.test(clusterIP))
      for (const end of ['', '.cluster.local']) lines.set(`${name}.${namespace}.svc${end}`, clusterIP);
    for (const value of Object.values(object.metadata.annotations ?? {}))
      for (const [, host = ''] of value.matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]+)/g))
        if (!host.endsWith('.svc')) lines.set(host, `10.201.0.${lines.size % 250}`);
  }
  return [...lines].map(([name, address]) => `${address} ${name}`);
}

/** A Service, and the endpoints that answer for it. */
export function toBackend(
  namespace: string,
  name: string,
  addresses: readonly string[],
): readonly Manifest[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  ];
}
