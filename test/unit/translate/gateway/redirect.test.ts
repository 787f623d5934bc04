import { describe, expect, it } from 'vitest';
import type { RedirectFilter } from '../../../../src/model/route-specs.ts';
import { toPathMatch, type PathMatch } from '../../../../src/routes/match.ts';
import { re2Mistake } from '../../../../src/traefik/re2.ts';
import { toRedirect, type RedirectFrom } from '../../../../src/translate/gateway/redirect.ts';

const from: RedirectFrom = {
  port: 80,
  isTls: false,
  path: { type: 'Prefix', value: '/' },
  fleet: 'default',
  hasPlugin: false,
};

function toFilter(filter: Partial<RedirectFilter>): RedirectFilter {
  return { type: 'RequestRedirect', statusCode: 302, field: 'filters[0]', ...filter };
}

/** What Traefik makes of a URL: Go's regular expressions and replacements are those of JavaScript here, but for `${1}`. */
function redirect(url: string, filter: Partial<RedirectFilter>, at: Partial<RedirectFrom> = {}): string {
  const middleware = toRedirect(toFilter(filter), { ...from, ...at });
  if (!('redirectRegex' in middleware)) throw new Error(JSON.stringify(middleware));
  const { regex, replacement } = middleware.redirectRegex;
  expect(re2Mistake(regex)).toBeNull();
  return url.replace(new RegExp(regex), replacement.replaceAll(/\$\{(\d)\}/g, '$$$1'));
}

describe('the place that a redirect leads to', () => {
  it.each<[string, Partial<RedirectFilter>, Partial<RedirectFrom>, string, string]>([
    ['the host', { hostname: 'b.test' }, {}, 'http://a.test/x?q=1', 'http://b.test/x?q=1'],
    ['the host of an IPv6 address', { hostname: 'b.test' }, {}, 'http://[::1]:80/x', 'http://b.test/x'],
    ['the scheme', { scheme: 'https' }, {}, 'http://a.test/x', 'https://a.test/x'],
    [
      'the scheme of another port',
      { scheme: 'https' },
      { port: 8080 },
      'http://a.test:8080/',
      'https://a.test/',
    ],
    ['the port', { port: 8083 }, {}, 'http://a.test/x', 'http://a.test:8083/x'],
    ['the port of the scheme', { port: 443, scheme: 'https' }, {}, 'http://a.test/', 'https://a.test/'],
    [
      'another port and scheme',
      { port: 8443, scheme: 'https' },
      {},
      'http://a.test/',
      'https://a.test:8443/',
    ],
    [
      'the port of the listener',
      { hostname: 'b.test' },
      { port: 8080 },
      'http://a.test/',
      'http://b.test:8080/',
    ],
    [
      'a listener of HTTPS',
      { hostname: 'b.test' },
      { port: 443, isTls: true },
      'https://a.test/',
      'https://b.test/',
    ],
    ['HTTP on 443', { scheme: 'http', port: 443 }, {}, 'http://a.test/', 'http://a.test:443/'],
  ])('%s', (_, filter, at, url, expected) => {
    expect(redirect(url, filter, at)).toBe(expected);
  });
});

describe('the path of a redirect', () => {
  it.each([
    ['http://a.test/x/y?q=1', '/full', 'http://a.test/full?q=1'],
    ['http://a.test/', '/full', 'http://a.test/full'],
    ['http://a.test/x', '/a $1/ü?#', 'http://a.test/a%20$1/%C3%BC%3F%23'],
  ])('%s is replaced as a whole by %s', (url, replaceFullPath, expected) => {
    expect(redirect(url, { path: { type: 'ReplaceFullPath', replaceFullPath } })).toBe(expected);
  });

  // The table of the specification, and what it leaves out.
  it.each([
    ['/foo/bar', '/foo', '/xyz', '/xyz/bar'],
    ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'],
    ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'],
    ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
    ['/foo', '/foo', '/xyz', '/xyz'],
    ['/foo/', '/foo', '/xyz', '/xyz/'],
    ['/foo/bar', '/foo', '', '/bar'],
    ['/foo/', '/foo', '', '/'],
    ['/foo', '/foo', '', '/'],
    ['/foo/', '/foo', '/', '/'],
    ['/foo', '/foo', '/', '/'],
    ['/bar', '/', '/xyz', '/xyz/bar'],
    ['/', '/', '/xyz', '/xyz/'],
    ['/f%6fo/a%2Fb', '/foo', '/xyz', '/xyz/a%2Fb'],
    ['/a/b/c', '/a/b', '/$1', '/$1/c'],
  ])('%s with the prefix %s replaced by %s', (path, prefix, replacePrefixMatch, expected) => {
    const at: { path: PathMatch } = { path: toPathMatch('Prefix', prefix) };
    const filter = { path: { type: 'ReplacePrefixMatch', replacePrefixMatch } as const };
    expect(redirect(`http://a.test${path}?q=/1`, filter, at)).toBe(`http://a.test${expected}?q=/1`);
    expect(redirect(`http://a.test${path}`, filter, at)).toBe(`http://a.test${expected}`);
  });

  it('has no prefix to replace where the match is none by prefix', () => {
    const filter = toFilter({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/x' } });
    const at = { ...from, path: { type: 'Exact', value: '/a' } as const };
    expect(toRedirect(filter, at)).toMatchObject({ reason: 'IncompatibleFilters' });
  });
});

describe('the status of a redirect', () => {
  it.each([303, 307, 308])('%s needs the plugin', (statusCode) => {
    const filter = toFilter({ statusCode, hostname: 'b.test' });
    expect(toRedirect(filter, from)).toMatchObject({ code: 'gateway-value-unsupported' });
    expect(toRedirect(filter, { ...from, hasPlugin: true })).toMatchObject({
      plugin: { 'fairlead-gateway': { redirect: { status: statusCode } } },
    });
  });

  it.each([
    ['a wildcard', { hostname: '*.test' }],
    ['another scheme', { scheme: 'ftp' }],
    ['no path', { path: { type: 'ReplaceFullPath', replaceFullPath: 'x' } as const }],
  ])('refuses %s', (_, filter) => {
    expect(toRedirect(toFilter(filter), from)).toMatchObject({ reason: 'UnsupportedValue' });
  });
});
