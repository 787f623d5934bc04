import { toDocument } from '../../../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../../../src/settings/settings.ts';

const resolved = resolveSettings({
  document: toDocument({
    sources: ['one', 'two'].map((name) => ({ name, directory: { path: '.' } })),
    fleets: [
      {
        name: 'public',
        ports: { tcp: { range: '20000-20039' }, udp: { range: '20000-20039' }, requestable: '20000-20003' },
        pools: [
          { name: 'games', tcp: { range: '20050-20051' }, udp: { range: '20050-20052' } },
          { name: 'marked', tcp: { range: '20060-20060' }, labels: { tier: 'x' }, maxPerNamespace: 1 },
        ],
      },
      { name: 'internal', traefik: '3.0', ingressClasses: ['internal'], ports: { udp: null } },
    ],
    ingress: { adopt: [{ controller: 'k8s.io/ingress-nginx', dialect: 'nginx' }] },
    limits: { namespace: { routes: 12 } },
    // What is held back is not what a fresh start serves; the guard has its turn in the run with processes.
    provider: { shrinkGuard: { mode: 'off' }, debounce: '1ms', maxWait: '20ms' },
  }),
  env: {},
  folder: '/',
});

/** Two sources, two fleets, and a pool that is too small for all who ask. As of several replicas: only a leader allocates. */
export const bulkSettings: Settings = {
  ...resolved,
  sources: resolved.sources.map(({ name }) => ({
    name,
    required: true,
    kubernetes: { kubeconfig: null, context: null, namespaces: [] },
  })),
  ledger: { source: 'one', configMap: { namespace: 'n', name: 'ports' }, retiredSources: [] },
};
