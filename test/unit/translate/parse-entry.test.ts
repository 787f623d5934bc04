import { describe, expect, it } from 'vitest';

import { parseEntry } from '../../../src/translate/tcp-services/parse-entry.ts';

const orders = { namespace: 'db', name: 'orders', servicePort: 3306 };

describe('an entry of the TCP services of ingress-nginx', () => {
  it.each([
    ['db/orders:3306', { ...orders, fromClients: false, toBackend: false }],
    ['db/orders:mysql', { ...orders, servicePort: 'mysql', fromClients: false, toBackend: false }],
    ['db/orders:3306:PROXY', { ...orders, fromClients: true, toBackend: false }],
    ['db/orders:3306::PROXY', { ...orders, fromClients: false, toBackend: true }],
    ['db/orders:3306:proxy:Proxy', { ...orders, fromClients: true, toBackend: true }],
    [' db/orders:3306: ', { ...orders, fromClients: false, toBackend: false }],
    ['db/orders:3306::', { ...orders, fromClients: false, toBackend: false }],
    ['', undefined],
    ['db/orders', undefined],
    ['orders:3306', undefined],
    ['db/orders/x:3306', undefined],
    ['DB/orders:3306', undefined],
    ['db/orders:0', undefined],
    ['db/orders:65536', undefined],
    ['db/orders:03306', undefined],
    ['db/orders:-', undefined],
    ['db/orders:3306:PROXY:PROXY:PROXY', undefined],
    [`db/${'a'.repeat(500)}:3306`, undefined],
    [':'.repeat(100_000), undefined],
  ])('%j', (value, expected) => {
    const parsed = parseEntry(['9000', value]);
    if (expected === undefined) expect(parsed).toHaveProperty('message');
    else expect(parsed).toEqual({ port: 9000, ...expected });
  });

  it.each(['', '0', '09000', '65536', '9000 ', '1e3', 'mysql', '-1'])(
    'has no number in the key %j',
    (key) => {
      expect(parseEntry([key, 'db/orders:3306'])).toHaveProperty('message');
    },
  );
});
