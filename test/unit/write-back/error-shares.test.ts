import { describe, expect, it } from 'vitest';
import { parseCounts } from '../../../src/write-back/error-shares.ts';

describe('the counters of Traefik', () => {
  const text = [
    '# TYPE traefik_service_requests_total counter',
    'traefik_service_requests_total{code="200",method="GET",protocol="http",service="shop_pods_80@http"} 90',
    'traefik_service_requests_total{code="404",method="GET",protocol="http",service="shop_pods_80@http"} 5',
    'traefik_service_requests_total{code="502",method="POST",protocol="http",service="shop_pods_80@http"} 1.5e+01',
    'traefik_service_requests_total{code="500",method="GET",protocol="http",service="shop_other_80@http"} 7',
    'traefik_service_request_duration_seconds_count{code="500",service="shop_pods_80@http"} 7',
    'nonsense {{{',
  ].join('\n');

  it('are summed over methods and statuses, with those from 500 on as errors', () => {
    const counts = parseCounts(text, (service) => service.startsWith('shop_pods_'));
    expect([...counts]).toEqual([['shop_pods_80', { requests: 110, errors: 15 }]]);
  });

  it('are none in whatever else is answered', () => {
    expect(parseCounts('<html>', () => true).size).toBe(0);
  });
});
