/** An object as `kubectl apply` takes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What tests ask of an API server, beside what Fairlead asks. */
export interface ApiCalls {
  /** Asks an endpoint below `/_rig/`; what it answers is parsed JSON. */
  rig(
    path: string,
    params?: Readonly<Record<string, string | number | boolean>>,
    method?: 'GET' | 'POST',
  ): Promise<unknown>;
  /** Server-side apply, one object after the other. */
  apply(...objects: readonly Manifest[]): Promise<void>;
  delete(...objects: readonly Manifest[]): Promise<void>;
}

/** A running API server with fault injection. */
export interface ApiServer extends ApiCalls {
  readonly kubeconfig: string;
  readonly url: string;
  readonly pid: number;
  /** Runs another command of the same program against this server, such as `load`. The fake has none. */
  run(command: string, args: readonly string[]): void;
  stop(): Promise<void>;
  /** SIGKILL; the fake cuts its connections. */
  crash(): Promise<void>;
}

/** Who may do everything. */
export const adminToken = 'rig-admin-token';

/** The calls to a server that answers plain HTTP. */
export function toApiCalls(http: string): ApiCalls {
  return {
    rig: (path, params = {}, method = 'POST') => {
      const pairs = Object.entries(params).map(([key, value]) => [key, String(value)]);
      const query = new URLSearchParams(Object.fromEntries(pairs)).toString();
      return ask(`${http}/_rig/${path}?${query}`, { method });
    },
    apply: async (...objects) => {
      for (const object of objects) await applyObject(http, object);
    },
    delete: async (...objects) => {
      for (const object of objects)
        await ask(http + toPath(object), { method: 'DELETE', headers: toHeaders() });
    },
  };
}

async function applyObject(http: string, object: Manifest): Promise<void> {
  await ask(`${http}${toPath(object)}?fieldManager=test&force=true`, {
    method: 'PATCH',
    headers: { ...toHeaders(), 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
  });
}

function toHeaders(): Record<string, string> {
  return { authorization: `Bearer ${adminToken}` };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const clusterWide = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'Namespace',
  'Node',
]);

function toPath({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const lower = kind.toLowerCase();
  const plural = /[^aeiou]y$/.test(lower)
    ? `${lower.slice(0, -1)}ies`
    : `${lower}${lower.endsWith('s') ? 'es' : 's'}`;
  const scope = clusterWide.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${scope}/${plural}/${metadata.name}`;
}
