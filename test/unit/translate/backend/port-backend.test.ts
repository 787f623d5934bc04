import { expect, test } from 'vitest';
import { toPortBackend } from '../../../../src/translate/backend/port-backend.ts';

test('servers of one weight share a service, which gets a share for each of them', () => {
  const servers = [
    { address: '10.0.0.1:53', weight: 5 },
    { address: '10.0.0.2:53', weight: 1 },
    { address: '10.0.0.3:53', weight: 1 },
  ];
  expect(toPortBackend('ns_dns_53', servers)).toEqual({
    kind: 'weighted',
    key: 'ns_dns_53',
    branches: [
      {
        weight: 5,
        backend: { kind: 'load-balancer', key: 'ns_dns_53_weight:5', addresses: ['10.0.0.1:53'] },
      },
      {
        weight: 2,
        backend: {
          kind: 'load-balancer',
          key: 'ns_dns_53_weight:1',
          addresses: ['10.0.0.2:53', '10.0.0.3:53'],
        },
      },
    ],
  });
});

test('so many servers take two services more when a few of them have another weight', () => {
  const servers = Array.from({ length: 5_000 }, (_, index) => ({
    address: `10.1.${index >> 8}.${index & 255}:53`,
    weight: index < 3 ? 2 : 1,
  }));
  const backend = toPortBackend('ns_dns_53', servers);
  expect(backend.kind === 'weighted' && backend.branches.map(({ weight }) => weight)).toEqual([6, 4_997]);
});
