import type { Stage } from '../../../src/annotations/directives.ts';
import { settleRoute } from '../../../src/conflicts/settle-route.ts';
import { toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import { isPort } from '../../../src/model/port.ts';
import type { RenderContext } from '../../../src/render/render-context.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import type { HttpLoadBalancer, ServerGroup } from '../../../src/routes/backend.ts';
import type { Filter, HttpRoute, PortRoute, SettledRoute, SniRoute } from '../../../src/routes/intent.ts';
import { toHostMatch, type HttpMatch } from '../../../src/routes/match.ts';

export function toTestSettings(fragment: Readonly<Record<string, unknown>> = {}): Settings {
  const value = { sources: [{ name: 'one', directory: { path: '.' } }], ...fragment };
  return resolveSettings({ document: toDocument(value), env: {}, folder: '/' });
}

/** The context of the first fleet. */
export function toContext(settings: Settings = toTestSettings()): RenderContext {
  const [fleet] = settings.fleets;
  if (fleet === undefined) throw new Error('settings without a fleet');
  return {
    fleet,
    priorities: settings.ingress.priorities,
    firstSource: settings.sources[0]?.name ?? '',
    mostBytes: settings.limits.object.bytes,
  };
}

const owner: Aged = { ref: { source: 'one', kind: 'Ingress', namespace: 'ns', name: 'web' } };

/** What a test may say of a route: its parts, with the host as it is written. */
type HttpChanges = Partial<Omit<HttpRoute, 'match'>> & Partial<HttpMatch> & { readonly hostName?: string };

export function httpRoute({ hostName = 'a.example.com', ...changes }: HttpChanges = {}): HttpRoute {
  const { host = toHostMatch(hostName), path = { type: 'Prefix', value: '/' }, ...rest } = changes;
  const { method, headers, query, ...route } = rest;
  return {
    kind: 'http',
    owner,
    why: { field: 'spec.rules[0]', uses: [] },
    fleet: 'default',
    match: { host, path, ...(method && { method }), ...(headers && { headers }), ...(query && { query }) },
    fallback: false,
    filters: [],
    backend: toLeaf('ns_web_80'),
    ...route,
  };
}

/** As it is served: with TLS when it asks for it. */
export function settledRoute(changes: HttpChanges = {}): SettledRoute {
  const route = httpRoute(changes);
  const isSecured = route.tls !== undefined;
  return settleRoute(route, { tls: { isSecured, redirects: isSecured }, beside: {} });
}

export function toLeaf(
  key: string,
  value: HttpLoadBalancer['value'] = {},
  servers: readonly ServerGroup[] = [{ hosts: ['10.0.0.1'], port: 80, weight: 1 }],
): HttpLoadBalancer {
  return { kind: 'load-balancer', key, scheme: 'http', servers, value: { passHostHeader: true, ...value } };
}

export function toFilter<M>(key: string, stage: Stage, value: M): Filter<M> {
  return { key, stage, value, use: { object: toObjectKey(owner.ref), part: `middlewares/${key}` } };
}

export function sniRoute(route: Pick<SniRoute, 'host'> & Partial<SniRoute>): SniRoute {
  return {
    kind: 'sni',
    owner: { ref: { ...owner.ref, kind: 'Service' } },
    why: { field: 'metadata.annotations[fairlead.dev/sni]', uses: [] },
    fleet: 'default',
    key: 'ns_web_sni',
    filters: [],
    backend: { kind: 'load-balancer', key: 'ns_web_5432', addresses: ['10.0.0.1:5432'] },
    ...route,
  };
}

export function portRoute(port: number, changes: Partial<PortRoute> = {}): PortRoute {
  if (!isPort(port)) throw new Error(`${port} is not a port`);
  return {
    kind: 'port',
    owner: { ref: { ...owner.ref, kind: 'Service' } },
    why: { field: 'metadata.annotations[fairlead.dev/expose]', uses: [] },
    fleet: 'default',
    protocol: 'tcp',
    port,
    servicePort: 3306,
    key: 'ns_web_3306',
    filters: [],
    backend: { kind: 'load-balancer', key: 'ns_web_3306', addresses: ['10.0.0.1:3306'] },
    ...changes,
  };
}
