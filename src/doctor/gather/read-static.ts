import * as z from 'zod';
import { parseAllDocuments } from 'yaml';
import { sumDuration } from '../../lib/units.ts';
import type { SeenEntryPoint } from '../../model/traefik-state.ts';
import type { ProviderFacts } from '../facts.ts';

/** What a static configuration says, whichever form it has. */
export interface StaticFacts {
  readonly entryPoints: readonly SeenEntryPoint[];
  readonly provider: ProviderFacts | 'absent';
  readonly throttleMs: number;
  readonly readinessPath: string | null;
}

/** What Traefik has where nothing is said (its reference, "HTTP provider" and "providersThrottleDuration"). */
const standard = { pollInterval: 5_000, pollTimeout: 5_000, throttle: 2_000 };

const duration = z.union([z.string(), z.number()]);
const httpProvider = z.looseObject({
  endpoint: z.string().optional(),
  pollInterval: duration.optional(),
  pollTimeout: duration.optional(),
  headers: z.record(z.string(), z.string()).nullish(),
});
const entryPoint = z.looseObject({
  address: z.string().default(''),
  asDefault: z.union([z.boolean(), z.string()]).optional(),
});
const staticConfig = z.looseObject({
  entryPoints: z.record(z.string(), entryPoint.nullable()).nullish(),
  providers: z
    .looseObject({ providersThrottleDuration: duration.optional(), http: httpProvider.nullish() })
    .nullish(),
});

/**
 * A `traefik.yml`, a file of arguments, manifests with a container that has such arguments, or values of the official chart.
 * @returns A line that says what is wrong with a text that is none of these.
 */
export function readStaticText(text: string): StaticFacts | string {
  const args = /^\s*--/.test(text) ? text.split(/\s+/).filter((word) => word !== '') : undefined;
  if (args !== undefined) return toStaticFacts(toTree(args));
  try {
    const documents = parseAllDocuments(text).map((document): unknown => document.toJS());
    const container = documents.flatMap(findContainers)[0] ?? toChartArguments(documents[0]);
    return container === undefined
      ? toStaticFacts(documents[0])
      : toStaticFacts(toTree(container.args), container.readinessPath);
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** As `readStaticText`, of what is parsed already. */
export function toStaticFacts(value: unknown, readinessPath: string | null = null): StaticFacts | string {
  const parsed = staticConfig.safeParse(lowerTree(value));
  if (!parsed.success || Object.keys(parsed.data).length === 0)
    return 'it is no static configuration of Traefik';
  const { entryPoints, providers } = parsed.data;
  if (entryPoints === undefined && providers === undefined) return 'it is no static configuration of Traefik';
  return {
    entryPoints: Object.entries(entryPoints ?? {}).map(([name, each]) => ({
      name,
      address: each?.address ?? '',
      asDefault: String(each?.asDefault) === 'true',
    })),
    provider: toProvider(providers?.http),
    throttleMs: toMs(providers?.providersThrottleDuration, standard.throttle),
    readinessPath,
  };
}

function toProvider(http: z.infer<typeof httpProvider> | null | undefined): ProviderFacts | 'absent' {
  if (http === null || http === undefined) return 'absent';
  const header = Object.entries(http.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization');
  return {
    endpoint: http.endpoint === undefined || http.endpoint === 'xxxx' ? null : http.endpoint,
    pollIntervalMs: toMs(http.pollInterval, standard.pollInterval),
    pollTimeoutMs: toMs(http.pollTimeout, standard.pollTimeout),
    authorization: header?.[1].replace(/^["']|["']$/g, '') ?? null,
  };
}

/** Go's way of writing durations; a bare number counts as seconds. */
function toMs(value: string | number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const text = String(value);
  return /^\d+$/.test(text) ? Number(text) * 1_000 : (sumDuration(text) ?? otherwise);
}

/** The fields that are read here, whatever the case of their letters: Traefik does not mind it in arguments. */
const fields = new Map(
  [
    'entryPoints',
    'providers',
    'http',
    'endpoint',
    'pollInterval',
    'pollTimeout',
    'headers',
    'address',
    'asDefault',
    'providersThrottleDuration',
  ].map((name) => [name.toLowerCase(), name]),
);

function lowerTree(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]): [string, unknown] => [
      fields.get(name.toLowerCase()) ?? name,
      lowerTree(each),
    ]),
  );
}

/** `--entryPoints.web.address=:80` as `{entryPoints: {web: {address: ':80'}}}`. */
function toTree(args: readonly string[]): unknown {
  const tree: Record<string, unknown> = {};
  for (const arg of args) {
    const [, path, value = 'true'] = /^["']?--([^=]+?)["']?(?:=(.*?))?["']?$/s.exec(arg) ?? [];
    if (path === undefined) continue;
    let place = tree;
    const keys = path.split('.');
    for (const key of keys.slice(0, -1)) {
      const next = place[key];
      const child: Record<string, unknown> =
        typeof next === 'object' && next !== null ? Object.fromEntries(Object.entries(next)) : {};
      place[key] = child;
      place = child;
    }
    place[keys.at(-1) ?? ''] = value.replace(/^["']|["']$/g, '');
  }
  return tree;
}

const probe = z.looseObject({ httpGet: z.looseObject({ path: z.string().default('/') }).optional() });
const podSpec = z.looseObject({
  containers: z.array(
    z.looseObject({ args: z.array(z.string()).default([]), readinessProbe: probe.optional() }),
  ),
});
const workload = z.looseObject({
  kind: z.enum(['DaemonSet', 'Deployment', 'StatefulSet']),
  spec: z.looseObject({ template: z.looseObject({ spec: podSpec }) }),
});

interface Container {
  readonly args: readonly string[];
  readonly readinessPath: string | null;
}

function findContainers(document: unknown): readonly Container[] {
  const parsed = workload.safeParse(document);
  if (!parsed.success) return [];
  return parsed.data.spec.template.spec.containers
    .filter(({ args }) => args.some((arg) => /^--entrypoints\./i.test(arg)))
    .map(({ args, readinessProbe }) => ({ args, readinessPath: readinessProbe?.httpGet?.path ?? null }));
}

const chartValues = z.looseObject({
  deployment: z.looseObject({ readinessPath: z.string().optional() }).optional(),
  ports: z.record(
    z.string(),
    z.looseObject({
      port: z.number(),
      protocol: z.string().default('TCP'),
      asDefault: z.boolean().default(false),
    }),
  ),
  additionalArguments: z.array(z.string()).default([]),
});

/** The arguments that the official chart makes of its values; undefined of what is something else. */
function toChartArguments(document: unknown): Container | undefined {
  const parsed = chartValues.safeParse(document);
  if (!parsed.success) return undefined;
  const { ports, additionalArguments, deployment } = parsed.data;
  const entryPoints = Object.entries(ports).flatMap(([name, { port, protocol, asDefault }]) => [
    `--entryPoints.${name}.address=:${port}/${protocol.toLowerCase()}`,
    ...(asDefault ? [`--entryPoints.${name}.asDefault=true`] : []),
  ]);
  return {
    args: [...entryPoints, ...additionalArguments],
    readinessPath: deployment?.readinessPath ?? '/ping',
  };
}
