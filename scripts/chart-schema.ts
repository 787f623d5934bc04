import { isObject } from '../src/lib/raw-object.ts';
import { settingsJsonSchema, type JsonSchema } from '../src/settings/json-schema.ts';

const text = { type: 'string' };
const truth = { type: 'boolean' };
const object = { type: 'object' };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };

const labelText = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';
const nameText = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
/** What Kubernetes allows as a name of most objects, and as one of a namespace. */
const named = { type: 'string', minLength: 1, maxLength: 253, pattern: `^${nameText}$` };
const namespace = { type: 'string', pattern: `^${labelText}$` };
const optionalName = { type: 'string', maxLength: 253, pattern: `^(${nameText})?$` };

const keyPattern = `^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`;
const annotations = { type: 'object', propertyNames: { pattern: keyPattern }, additionalProperties: text };
const labelValue = { type: 'string', pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$' };
const labels = { ...annotations, additionalProperties: labelValue };

const range = { type: 'string', pattern: '^([0-9]{1,5}-[0-9]{1,5})?$' };
const quantity = {
  type: ['string', 'number'],
  pattern: '^[0-9]+(\\.[0-9]+)?([eE][0-9]+|m|[kMGTPE]|[KMGTPE]i)?$',
  minimum: 0,
};
const quantities = { type: 'object', additionalProperties: quantity };
const resources = { type: 'object', properties: { limits: quantities, requests: quantities } };

/** Without a tag, which has a value of its own. */
const repository = {
  type: 'string',
  pattern: '^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*$',
};
const tag = { type: 'string', pattern: '^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?)?$' };
/** As Prometheus has it. */
const interval = {
  type: 'string',
  minLength: 1,
  pattern: '^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$',
};

const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** Objects of Kubernetes whose other fields it checks itself. */
const listWith = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  list({ type: 'object', properties, required: Object.keys(properties) });
/** Whether a user may take it away by null, as Helm has it: it is empty or left to Kubernetes then. */
const mayBeDropped = ({ type, items, additionalProperties }: JsonSchema): boolean =>
  type === 'array'
    ? isObject(items) && items['type'] === 'object'
    : type === 'object' && additionalProperties !== false;

/** An object of these fields and no others: a typo is a mistake that `helm` says, and not a default. */
function fields(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.entries(properties).flatMap(([name, schema]) =>
    optional.includes(name) || mayBeDropped(schema) ? [] : name,
  );
  return { type: 'object', properties, required, additionalProperties: false };
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
  image: fields({ repository, tag, pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] } }),
  imagePullSecrets: listWith({ name: named }),
  addresses: list({ type: 'string', minLength: 1 }),
  // By null, as with an empty text, there is none of a protocol.
  pool: fields({ tcp: range, udp: range }, ['tcp', 'udp']),
  namespaces: { ...list(namespace), uniqueItems: true },
  replicas: { type: 'integer', minimum: 0 },
  token: fields({ secret: named, required: truth }),
  admin: fields({ secret: named }),
  ingressClass: fields({ enabled: truth, name: named, default: truth }),
  serviceAccount: fields({ create: truth, name: optionalName, annotations }),
  rbac: fields({ create: truth }),
  service: fields(
    {
      type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
      port,
      nodePort: { anyOf: [port, { type: 'null' }] },
      annotations,
    },
    ['nodePort'],
  ),
  podDisruptionBudget: fields({
    enabled: truth,
    minAvailable: { type: ['integer', 'string'], minimum: 0, pattern: '^(100|[0-9]{1,2})%$' },
  }),
  networkPolicy: fields({ enabled: truth, extraIngress: list(object), extraEgress: list(object) }),
  podMonitor: fields({ enabled: truth, labels, interval }),
  heapMiB: { type: 'integer', minimum: 64 },
  resources,
  podAnnotations: annotations,
  podLabels: labels,
  nodeSelector: labels,
  tolerations: list(object),
  affinity: object,
  priorityClassName: optionalName,
  extraEnv: listWith({ name: { type: 'string', minLength: 1 } }),
  extraVolumes: listWith({ name: namespace }),
  extraVolumeMounts: listWith({ name: namespace, mountPath: { type: 'string', pattern: '^/' } }),
  traefik: fields({
    enabled: truth,
    namespace,
    createNamespace: truth,
    version: { type: 'string', pattern: '^3\\.[0-9]+$' },
    image: fields({ repository, tag }),
    resources,
    nodeSelector: labels,
    tolerations: list(object),
  }),
};
