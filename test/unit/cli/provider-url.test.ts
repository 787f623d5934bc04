import { describe, expect, test } from 'vitest';
import { toProviderUrl } from '../../../src/cli/provider-url.ts';

const provider = {
  holdMs: 0,
  debounceMs: 0,
  maxWaitMs: 0,
  shards: 1,
  tokens: [],
  tls: null,
  shrinkGuard: { mode: 'off', share: 0.5, minimum: 1, forMs: 0, rules: [] },
  keysWithoutToken: 'loopback',
} as const;
const admin = { host: '127.0.0.1', port: 9081 };

function toUrl(given: string | undefined, host = '127.0.0.1', document = 'edge'): string {
  return toProviderUrl(
    { listen: { provider: { host, port: 9080 }, admin, hosts: [], trustForwarded: false }, provider },
    document,
    given,
  );
}

describe('the URL that Traefik polls', () => {
  test.each([
    ['127.0.0.1', 'http://127.0.0.1:9080/traefik/edge'],
    ['', 'http://127.0.0.1:9080/traefik/edge'],
    ['::', 'http://127.0.0.1:9080/traefik/edge'],
    ['::1', 'http://[::1]:9080/traefik/edge'],
  ])('for a listener on %j is %s', (host, url) => expect(toUrl(undefined, host)).toBe(url));

  test.each([
    ['http://traefik-config:9080', 'http://traefik-config:9080/traefik/edge'],
    ['http://traefik:9080/', 'http://traefik:9080/traefik/edge'],
    ['https://edge.example.com/fairlead', 'https://edge.example.com/fairlead/traefik/edge'],
    ['http://traefik.example.com/traefik', 'http://traefik.example.com/traefik/edge'],
    ['http://traefik.example.com/traefik/', 'http://traefik.example.com/traefik/edge'],
    ['http://a/traefik/other', 'http://a/traefik/other'],
    ['http://[::1]:9080', 'http://[::1]:9080/traefik/edge'],
  ])('given as %s is %s', (given, url) => expect(toUrl(given)).toBe(url));

  test.each([
    [undefined, 'http://127.0.0.1:9080/traefik/edge/2'],
    ['http://fairlead:9080', 'http://fairlead:9080/traefik/edge/2'],
    ['http://fairlead:9080/traefik', 'http://fairlead:9080/traefik/edge/2'],
    ['http://fairlead:9080/traefik/edge', 'http://fairlead:9080/traefik/edge/2'],
    ['http://fairlead:9080/traefik/other/3', 'http://fairlead:9080/traefik/other/3'],
  ])('of a bank, given as %s, is %s', (given, url) => expect(toUrl(given, '127.0.0.1', 'edge/2')).toBe(url));

  test.each([
    ['fairlead:9080', '"fairlead:9080" has no http:// or https://; write for instance http://fairlead:9080'],
    ['ftp://x', '"ftp://x" is neither http nor https, and Traefik polls nothing else; write for instance'],
    ['http://', '"http://" is not a URL; write for instance http://fairlead.example.com:9080'],
    ['', '"" has no http:// or https://; write for instance http://fairlead.example.com:9080'],
    ['http://a?b=c', '"http://a?b=c" has a query or a fragment, which no Fairlead reads'],
  ])('cannot be %j', (given, message) => {
    expect(() => toUrl(given)).toThrow(`--provider-url ${message}`);
  });
});
