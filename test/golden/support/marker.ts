import type { Pipeline } from '../../../src/pipeline/pipeline.ts';

const ref = { kind: 'Service', namespace: 'zz-marker', name: 'marker' } as const;

/**
 * Adds a Service to a pipeline by whose router a reader sees that Traefik runs on just this document. Returns the name
 * that Traefik gives to the router.
 */
export function mark(pipeline: Pipeline, fleet: string, label: string): string {
  const source = pipeline.settings.sources[0]?.name ?? '';
  const host = `marker-${label}.invalid`;
  pipeline.update([
    {
      kind: 'set',
      object: {
        kind: 'Service',
        meta: {
          ref: { ...ref, source },
          annotations: { 'fairlead.dev/host': host, 'fairlead.dev/fleet': fleet },
        },
        type: 'ClusterIP',
        headless: false,
        hasSelector: true,
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      },
    },
  ]);
  return `zz-marker_marker_service_${host}_~root@http`;
}
