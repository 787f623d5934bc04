import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseCidr,
  parseFleetAddress,
  parseHost,
  parseListenAddress,
} from '../../../src/settings/addresses.ts';
import { findNearest } from '../../../src/lib/nearest.ts';
import { parseDuration, parsePortRange, parseTraefikVersion } from '../../../src/lib/units.ts';

const valueOf = <T>(parsed: { ok: true; value: T } | { ok: false }): T | 'refused' =>
  parsed.ok ? parsed.value : 'refused';

describe('durations', () => {
  test.each([
    ['50ms', 50],
    ['4s', 4000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['0', 0],
    ['0s', 0],
    ['4', 'refused'],
    ['-4s', 'refused'],
    ['4 s', 'refused'],
    ['s', 'refused'],
    ['', 'refused'],
    ['1000h', 'refused'],
  ])('%s', (text, expected) => expect(valueOf(parseDuration(text))).toBe(expected));
});

describe('listen addresses', () => {
  test.each([
    ['127.0.0.1:9080', { host: '127.0.0.1', port: 9080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:9080', { host: '::1', port: 9080 }],
    [':9080', { host: '', port: 9080 }],
    ['*:9080', { host: '', port: 9080 }],
    ['::1:9080', 'refused'],
    ['[127.0.0.1]:9080', 'refused'],
    ['9080', 'refused'],
    ['a b:9080', 'refused'],
    [':65536', 'refused'],
    ['http://localhost:9080', 'refused'],
  ])('%s', (text, expected) => expect(valueOf(parseListenAddress(text))).toEqual(expected));
});

describe('addresses of a fleet', () => {
  test.each([
    ['edge.example.com', { kind: 'fixed', address: 'edge.example.com' }],
    ['2001:db8::1', { kind: 'fixed', address: '2001:db8::1' }],
    ['service:traefik/traefik', { kind: 'service', namespace: 'traefik', name: 'traefik' }],
    ['endpoints:traefik/edge.v3', { kind: 'endpoints', namespace: 'traefik', name: 'edge.v3' }],
    ['service', { kind: 'fixed', address: 'service' }],
    ['service:', 'refused'],
    ['service:traefik', 'refused'],
    ['service:a/b/c', 'refused'],
    ['service: a/b', 'refused'],
    ['Service:a/b', 'refused'],
    ['node:a/b', 'refused'],
  ])('%s', (text, expected) => expect(valueOf(parseFleetAddress(text))).toEqual(expected));
});

describe('versions of Traefik', () => {
  test.each([
    ['3.0', { major: 3, minor: 0 }],
    ['v3.10.2', { major: 3, minor: 10 }],
    ['3.7.0-rc.1', { major: 3, minor: 7 }],
    ['3', 'refused'],
    ['2.11', 'refused'],
    ['4.0', 'refused'],
  ])('%s', (text, expected) => expect(valueOf(parseTraefikVersion(text))).toEqual(expected));
});

test('hosts and CIDRs are names and addresses, nothing around them', () => {
  for (const good of ['edge.example.com', 'Edge', '192.0.2.1', '2001:db8::1'])
    expect(parseHost(good).ok).toBe(true);
  for (const bad of ['', 'a:80', 'https://a', '*.a', '1.2.3', '-a']) expect(parseHost(bad).ok).toBe(false);
  for (const good of ['0.0.0.0/0', '10.1.2.3/8', '2001:db8::/32']) expect(parseCidr(good).ok).toBe(true);
  for (const bad of ['10.0.0.0', '10.0.0.0/33', '::/129', 'a/8', '10.0.0.0/-1'])
    expect(parseCidr(bad).ok).toBe(false);
});

test('a range of ports is read exactly when it is one', () => {
  const port = integer({ min: -10, max: 65600 });
  assert(
    property(port, port, (from, to) => {
      const parsed = parsePortRange(`${from}-${to}`);
      expect(parsed.ok).toBe(from >= 1 && from <= to && to <= 65535);
      if (parsed.ok) expect(parsed.value).toEqual({ from, to });
    }),
  );
});

test('the nearest word is found when it is near enough', () => {
  expect(findNearest('max-wait', ['hold', 'maxWait'])).toBe('maxWait');
  expect(findNearest('serv', ['serve', 'render'])).toBe('serve');
  expect(findNearest('erndre', ['serve', 'render'])).toBe('render');
  expect(findNearest('x', ['serve', 'render'])).toBeUndefined();
});
