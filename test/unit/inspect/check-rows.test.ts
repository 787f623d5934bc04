import { expect, test } from 'vitest';
import type { AnyService } from '../../../src/inspect/branch-rows.ts';
import { toCheckRows } from '../../../src/inspect/check-rows.ts';

test.each<readonly [object, AnyService]>([
  [
    { active: 'GET /healthz every 30s, time-out 5s' },
    { loadBalancer: { servers: [], healthCheck: { path: '/healthz' } } },
  ],
  [
    {
      active: 'HEAD /h for status 204 on port 81 every 2s (1s while down), time-out 1s',
      passive: 'out after 3 failed requests in 1m',
    },
    {
      loadBalancer: {
        servers: [],
        healthCheck: {
          path: '/h',
          method: 'HEAD',
          status: 204,
          port: 81,
          interval: '2s',
          unhealthyInterval: '1s',
          timeout: '1s',
        },
        passiveHealthCheck: { maxFailedAttempts: 3, failureWindow: '1m' },
      },
    },
  ],
  [
    { active: 'gRPC health service every 1s, time-out 5s' },
    { loadBalancer: { servers: [], healthCheck: { path: '/', mode: 'grpc', interval: '1s' } } },
  ],
  [
    { active: `GET /${'x'.repeat(79)}… every 30s, time-out 5s` },
    { loadBalancer: { servers: [], healthCheck: { path: `/${'x'.repeat(900)}` } } },
  ],
  [
    { active: 'sends "PING\\r\\n", expects "PONG" every 1s, time-out 5s' },
    {
      loadBalancer: { servers: [], healthCheck: { send: 'PING\r\n', expect: 'PONG', interval: '1s' } },
    },
  ],
  [
    { active: 'a connection every 1s, time-out 5s' },
    { loadBalancer: { servers: [{ address: '10.0.0.1:80' }], healthCheck: { interval: '1s' } } },
  ],
  [
    { passive: 'out after 1 failed request in 30s' },
    { loadBalancer: { servers: [], passiveHealthCheck: { failureWindow: '30s' } } },
  ],
])('says in a few words: %j', (expected, service) => {
  expect(toCheckRows(new Map([['web', service]]), ['web', 'web'])).toEqual([{ service: 'web', ...expected }]);
});

test('a service without checks, a weighted one and one that is not there have no row', () => {
  const services = new Map<string, AnyService>([
    ['plain', { loadBalancer: { servers: [] } }],
    ['above', { weighted: { services: [{ name: 'plain' }] } }],
  ]);
  expect(toCheckRows(services, ['plain', 'above', 'gone'])).toEqual([]);
});
