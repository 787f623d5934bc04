import { settingsJsonSchema, type JsonSchema } from '../src/settings/json-schema.ts';

const text = { type: 'string' };
const named = { type: 'string', minLength: 1 };
const truth = { type: 'boolean' };
const object = { type: 'object' };
const objects = { type: 'array', items: object };
const labels = { type: 'object', additionalProperties: text };
const range = { type: 'string', pattern: '^([0-9]+-[0-9]+)?$' };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };

/** An object of these fields and no others: a typo is a mistake that `helm` says, and not a default. */
function fields(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** `values.schema.json` of the chart: its own values, and under `config` those of fairlead.yaml. */
export function chartValuesSchema(): JsonSchema {
  const { $schema, ...config } = settingsJsonSchema();
  return {
    $schema,
    title: 'Values of the chart fairlead',
    ...fields({
      ...own,
      config,
      // Helm's own, where the chart is a dependency of another.
      global: object,
    }),
  };
}

const own: Readonly<Record<string, JsonSchema>> = {
  image: fields({
    repository: named,
    tag: text,
    pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
  }),
  imagePullSecrets: objects,
  addresses: { type: 'array', items: named },
  pool: fields({ tcp: range, udp: range }),
  namespaces: { type: 'array', items: named },
  replicas: { type: 'integer', minimum: 0 },
  token: fields({ secret: named, required: truth }),
  admin: fields({ secret: named }),
  ingressClass: fields({ enabled: truth, name: named, default: truth }),
  serviceAccount: fields({ create: truth, name: text, annotations: labels }),
  rbac: fields({ create: truth }),
  service: fields({
    type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
    port,
    nodePort: { anyOf: [port, { type: 'null' }] },
    annotations: labels,
  }),
  podDisruptionBudget: fields({ enabled: truth, minAvailable: { type: ['integer', 'string'] } }),
  networkPolicy: fields({ enabled: truth, extraIngress: objects, extraEgress: objects }),
  podMonitor: fields({ enabled: truth, labels, interval: named }),
  heapMiB: { type: 'integer', minimum: 64 },
  resources: object,
  podAnnotations: labels,
  podLabels: labels,
  nodeSelector: labels,
  tolerations: objects,
  affinity: object,
  priorityClassName: text,
  extraEnv: objects,
  extraVolumes: objects,
  extraVolumeMounts: objects,
  traefik: fields({
    enabled: truth,
    namespace: named,
    createNamespace: truth,
    version: { type: 'string', pattern: '^3\\.[0-9]+$' },
    image: fields({ repository: named, tag: text }),
    resources: object,
    nodeSelector: labels,
    tolerations: objects,
  }),
};
