import { describe, expect, test } from 'vitest';
import { findRefusal } from '../../../src/http/guard-request.ts';

const onLoopback = { host: '127.0.0.1', hosts: ['vm.example.com'], throughProxies: false };

function statusOf(headers: Record<string, string>, host = '127.0.0.1', throughProxies = false) {
  return findRefusal(headers, { ...onLoopback, host, throughProxies })?.status;
}

describe('a listener on loopback', () => {
  test.each([
    'localhost',
    'localhost:9081',
    'LOCALHOST.:9081',
    'page.localhost',
    '127.0.0.1:9080',
    '127.9.9.9',
    '[::1]:9080',
    'vm.example.com:9080',
    'VM.example.com',
  ])('answers %s', (host) => expect(statusOf({ host })).toBeUndefined());

  test.each([
    'rebound.example',
    'localhost.example',
    '127.0.0.1.nip.io:9080',
    '127.example',
    '127.1',
    '[::2]',
    '0.0.0.0:9080',
    '',
    'localhost:9080:9080',
    'user@localhost',
    'x.vm.example.com',
  ])('refuses %j', (host) => expect(statusOf({ host })).toBe(421));

  test('answers a request of HTTP/1.0 that names none', () => expect(statusOf({})).toBeUndefined());
});

test('a listener that others reach has any name', () => {
  expect(statusOf({ host: 'fairlead.fairlead-system.svc:9080' }, '')).toBeUndefined();
});

describe.each(['127.0.0.1', ''])('a listener on %j', (host) => {
  test.each(['forwarded', 'x-forwarded-for', 'x-forwarded-proto'])('refuses %s', (header) => {
    expect(statusOf({ host: 'localhost', [header]: '' }, host)).toBe(403);
    expect(statusOf({ host: 'localhost', [header]: 'x' }, host, true)).toBeUndefined();
  });
});
