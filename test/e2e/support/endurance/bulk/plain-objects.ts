import type { EndpointSlice, Service } from '../../../../../src/model/objects.ts';
import type { Random } from '../../random.ts';

const created = '2026-01-01T00:00:00Z';

/** The Service that every tenant has, as it is now: with a host, and mostly with pool ports. */
export function toShop(namespace: string, random: Random): Service {
  const ports = random.below(3);
  return {
    kind: 'Service',
    meta: {
      ref: { source: 'one', kind: 'Service', namespace, name: 'shop' },
      created,
      annotations: {
        'fairlead.dev/host': `${random.pick(['shop', 'www'])}.${namespace}.test`,
        ...(ports > 0 && { 'fairlead.dev/expose': random.pick(['true', 'db']) }),
        ...(ports === 2 && { 'fairlead.dev/request-port.db': String(20_000 + random.below(6)) }),
      },
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'db', port: 3306, protocol: 'TCP' },
    ],
  };
}

/** The pods behind it, which come and go all the time. */
export function toPods(namespace: string, random: Random): EndpointSlice {
  const count = random.below(4);
  return {
    kind: 'EndpointSlice',
    meta: {
      ref: { source: 'one', kind: 'EndpointSlice', namespace, name: 'shop-1' },
      created,
      annotations: {},
    },
    service: 'shop',
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: 'db', port: 3306, protocol: 'TCP' },
    ],
    endpoints: Array.from({ length: count }, () => ({
      addresses: [`10.${random.below(4)}.0.${1 + random.below(250)}`],
      ready: true,
      serving: true,
      terminating: false,
    })),
  };
}
