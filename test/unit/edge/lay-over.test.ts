import { expect, test } from 'vitest';
import type { ProcessConfig } from '../../../src/edge/edge-answer.ts';
import { findUnknownEntryPoints, layOver } from '../../../src/edge/lay-over.ts';

const config: ProcessConfig = {
  entryPoints: { web: { address: ':80', transport: { lifeCycle: { graceTimeOut: '300s' } } } },
  providers: { providersThrottleDuration: '100ms' },
};
const pool: ProcessConfig = { entryPoints: { 'tcp-1': { address: ':1/tcp' } }, providers: {} };
const more = {
  accessLog: {},
  entryPoints: {
    web: { forwardedHeaders: { trustedIPs: ['192.0.2.0/24'] }, transport: { keepAliveMaxTime: '1h' } },
    metrics: { address: ':9100' },
    wbe: { forwardedHeaders: {} },
  },
};

test('what the operator wants besides is merged, field by field', () => {
  expect(layOver(config, more, 0)).toEqual({
    accessLog: {},
    entryPoints: {
      web: {
        address: ':80',
        forwardedHeaders: { trustedIPs: ['192.0.2.0/24'] },
        transport: { keepAliveMaxTime: '1h', lifeCycle: { graceTimeOut: '300s' } },
      },
      metrics: { address: ':9100' },
    },
    providers: config.providers,
  });
});

test('an entryPoint is not opened twice for it', () => {
  expect(layOver(pool, more, 1)).toEqual({ ...pool, accessLog: {} });
});

test('a name that no bank has is found, unless it is an entryPoint of its own', () => {
  const banks = [config, pool].map((each, bank) => ({ bank, state: 'open' as const, config: each }));
  expect(findUnknownEntryPoints(more, banks)).toEqual(['wbe']);
  expect(findUnknownEntryPoints({ log: {} }, banks)).toEqual([]);
});
