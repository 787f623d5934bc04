import { expect, it } from 'vitest';

import { checkPools } from '../../../src/ports/check-pools.ts';
import { toFleet, type PoolNotation } from './allocation/notation.ts';

const listen = { provider: { host: '127.0.0.1', port: 9080 }, admin: { host: '127.0.0.1', port: 9081 } };

const messagesOf = (pool: PoolNotation, listeners = listen): readonly string[] =>
  checkPools({ fleets: [toFleet(pool)], listen: listeners }).map(({ message }) => message);

it('a pool between the own entryPoints and the ephemeral ports is fine', () => {
  expect(messagesOf({ tcp: '9082-32767', udp: '61000-65535' })).toEqual([]);
});

it.each(['32767-32768', '60999-61000', '40000-40001', '20000-65535'])(
  '%s overlaps the ephemeral ports',
  (udp) => {
    expect(messagesOf({ udp })).toEqual([expect.stringContaining(`The pool ${udp} overlaps 32768-60999`)]);
  },
);

it('a pool over the own entryPoints is reported with the ports', () => {
  expect(messagesOf({ tcp: '80-443' })).toEqual([expect.stringContaining('contains 80, 443,')]);
  expect(messagesOf({ udp: '80-443' })).toEqual([expect.stringContaining('contains 443,')]);
});

it('it is a warning about the fleet and its range', () => {
  expect(checkPools({ fleets: [toFleet({ tcp: '8000-8100' }, 'edge')], listen })).toEqual([
    {
      severity: 'warning',
      code: 'pool-unwise',
      subject: { source: '', kind: 'Fleet', namespace: '', name: 'edge' },
      field: 'ports.tcp.range',
      message: 'The pool 8000-8100 contains 8080, 8082, where the entryPoints of Traefik itself listen',
      hint: 'Use a range above 8082: two entryPoints cannot listen on one port.',
    },
  ]);
});

it('a pool over the own entryPoints of its banks is told with the first of them', () => {
  expect(messagesOf({ tcp: '16000-16999', bank: 10 })).toEqual([]);
  expect(messagesOf({ tcp: '17000-17019', bank: 10 })).toEqual([
    'The pool 17000-17019 contains 17001, where the entryPoints of Traefik itself listen',
  ]);
  expect(messagesOf({ tcp: '17000-17999', bank: 10 })).toEqual([
    'The pool 17000-17999 contains 17001, 17002, 17003, 17004 and 95 more, where the entryPoints of Traefik itself listen',
  ]);
});

it('a pool over the listeners of Fairlead is reported where both are on one host', () => {
  expect(messagesOf({ tcp: '9000-9080', udp: '9000-9099' })).toEqual([
    'The pool 9000-9080 contains 9080, where Fairlead listens on this host',
  ]);
  expect(messagesOf({ tcp: '9000-9099' })).toEqual([expect.stringContaining('contains 9080, 9081, where')]);
  const inPod = { provider: { host: '', port: 9080 }, admin: { host: '', port: 9081 } };
  expect(messagesOf({ tcp: '9000-9099' }, inPod)).toEqual([]);
});
