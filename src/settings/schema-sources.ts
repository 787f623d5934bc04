import * as z from 'zod';
import { parseHost } from './addresses.ts';
import { parseNamespacedName, parsePath } from './names.ts';
import { backendMode, crossCheck, described, label, namespaces, textAs, unique } from './schema-parts.ts';

const path = textAs(parsePath);

const kubernetes = z
  .strictObject({
    kubeconfig: described(path.nullable().prefault(null), {
      description: 'The kubeconfig file; `~/` is the home folder. Null: the service account of the pod.',
      example: './kubeconfig',
    }),
    context: described(z.string().nullable().prefault(null), {
      description: 'The context in it. Null: its current one.',
      example: 'prod',
    }),
    namespaces: namespaces('The namespaces that are read. Empty: all.'),
  })
  .check(
    crossCheck<{ kubeconfig: string | null; context: string | null }>(
      ['kubeconfig', 'context'],
      (value, report) => {
        if (value.kubeconfig === null && value.context !== null)
          report(
            ['context'],
            'is of no use without a kubeconfig',
            'add it, such as kubeconfig: ./kubeconfig',
          );
      },
    ),
  );

const directory = z.strictObject({
  path: described(path, { description: 'The folder.', type: 'path', example: './vms' }),
  watch: described(z.boolean().prefault(true), { description: 'Whether changes of the files are followed.' }),
});

interface Kinds {
  readonly directory?: unknown;
  readonly kubernetes?: unknown;
}

const source = z
  .strictObject({
    name: described(label, {
      description: 'Names the source in messages and in the ledger.',
      type: 'DNS label',
      example: 'vms',
    }),
    directory: described(directory.optional(), {
      description: 'A folder of manifests, with all folders below it.',
      example: '{path: ./vms}',
    }),
    kubernetes: described(kubernetes.optional(), {
      description: 'A Kubernetes cluster.',
      example: '{}',
    }),
    backends: described(backendMode.nullable().prefault(null), {
      description:
        'Where the traffic of its Services goes by default, as in `services.backends`. Null: as it says there.',
      example: 'clusterip',
    }),
    nodes: described(z.array(textAs(parseHost)).max(500).prefault([]), {
      description:
        'The nodes of the cluster as the edge reaches them, each a host name or an IP address: where `backends: nodeport` sends traffic.',
      example: '[10.0.0.11, 10.0.0.12]',
    }),
    required: described(z.boolean().prefault(true), {
      description:
        'Whether Traefik gets no answer before this source has synced. False: start without it, and add it when it answers.',
    }),
  })
  .check(
    crossCheck<Kinds>(['directory', 'kubernetes'], ({ directory: folder, kubernetes: cluster }, report) => {
      if (folder === undefined && cluster === undefined) {
        report([], 'is neither a directory nor a cluster', 'add one, such as directory: {path: ./vms}');
      } else if (folder !== undefined && cluster !== undefined) {
        report([], 'is a directory and a cluster at once', 'make two sources of it');
      }
    }),
  );

/** Section `sources`. */
export const sourcesSchema = described(
  z
    .array(source)
    .min(1)
    .check(unique<{ name: string }>('name', ({ name }) => name)),
  {
    description: 'Where the Kubernetes objects come from: one or more.',
    example: '[{name: vms, directory: {path: ./vms}}]',
  },
);

const importFields = z.strictObject({
  fleet: described(label, {
    description: 'The fleet that serves them.',
    type: 'DNS label',
    example: 'default',
  }),
  protocol: described(z.enum(['tcp', 'udp']), {
    description: 'Of all its ports.',
    example: 'tcp',
  }),
  configMap: described(textAs(parseNamespacedName).optional(), {
    description:
      'The ConfigMap, as namespace/name. Each of its keys is a number, and its value `namespace/service:port`, with `:PROXY` as in ingress-nginx.',
    defaultText: 'none',
    example: 'ingress-nginx/tcp-services',
  }),
  file: described(z.string().min(1).optional(), {
    description:
      'Instead of a ConfigMap: a file with values of the chart ingress-nginx, of which `tcp` or `udp` counts. Relative to this file.',
    defaultText: 'none',
    example: './ingress-nginx-values.yaml',
  }),
  source: described(label.optional(), {
    description: 'The source of the Services, and of the ConfigMap.',
    type: 'DNS label',
    defaultText: 'the first',
    example: 'prod',
  }),
});

interface ImportPlaces {
  readonly configMap?: string | undefined;
  readonly file?: string | undefined;
}

const imported = importFields.check(
  crossCheck<ImportPlaces>(['configMap', 'file'], ({ configMap, file }, report) => {
    if ((configMap === undefined) === (file === undefined))
      report([], 'is neither a ConfigMap nor a file, or both', 'give one of configMap and file');
  }),
);

/** Section `imports`. */
export const importsSchema = described(z.array(imported).prefault([]), {
  description:
    'The TCP and UDP services of ingress-nginx, with their numbers kept: see [ports.md](ports.md#imported-numbers). Of two that have one number the first counts.',
  example: '[{fleet: default, protocol: tcp, configMap: ingress-nginx/tcp-services}]',
});
