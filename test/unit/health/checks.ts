import type { HealthCheck } from '../../../src/model/health.ts';

/** A check of an endpoint of `namespace/service`. */
export function toCheck(service: string, address: string, more: Partial<HealthCheck> = {}): HealthCheck {
  const [namespace = '', name = ''] = service.split('/');
  return {
    service: { source: 's', kind: 'Service', namespace, name },
    address,
    port: 8080,
    intervalMs: 1_000,
    timeoutMs: 500,
    ...more,
  };
}
