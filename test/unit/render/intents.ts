import type { Aged } from '../../../src/model/object-ref.ts';
import { isPort } from '../../../src/model/port.ts';
import type { RenderContext } from '../../../src/render/elements.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import type { HttpRoute, PortRoute } from '../../../src/routes/intent.ts';

export function toTestSettings(fragment: Readonly<Record<string, unknown>> = {}): Settings {
  const value = { sources: [{ name: 'one', directory: { path: '.' } }], ...fragment };
  return resolveSettings({ document: toDocument(value), env: {}, folder: '/' });
}

/** The context of the first fleet. */
export function toContext(settings: Settings = toTestSettings()): RenderContext {
  const [fleet] = settings.fleets;
  if (fleet === undefined) throw new Error('settings without a fleet');
  return { fleet, priorities: settings.ingress.priorities, firstSource: settings.sources[0]?.name ?? '' };
}

const owner: Aged = { ref: { source: 'one', kind: 'Ingress', namespace: 'ns', name: 'web' } };

export function httpRoute(changes: Partial<HttpRoute> = {}): HttpRoute {
  return {
    kind: 'http',
    owner,
    field: 'spec.rules[0]',
    fleet: 'default',
    host: 'a.example.com',
    path: { type: 'Prefix', value: '/' },
    fallback: false,
    chain: [],
    backend: {
      service: {
        key: 'ns_web_80',
        value: { passHostHeader: true, servers: [{ url: 'http://10.0.0.1:80' }] },
      },
    },
    ...changes,
  };
}

export function portRoute(port: number, changes: Partial<PortRoute> = {}): PortRoute {
  if (!isPort(port)) throw new Error(`${port} is not a port`);
  return {
    kind: 'port',
    owner: { ref: { ...owner.ref, kind: 'Service' } },
    field: 'metadata.annotations[fairlead.dev/expose]',
    fleet: 'default',
    protocol: 'tcp',
    port,
    servicePort: 3306,
    key: 'ns_web_3306',
    servers: [{ address: '10.0.0.1:3306', weight: 1 }],
    chain: [],
    ...changes,
  };
}
