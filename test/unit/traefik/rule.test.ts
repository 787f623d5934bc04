import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as rules from '../../../src/traefik/rule.ts';

const { all, any, host, path, pathPrefix, prefixByElement, wildcardHost, hostSniAny } = rules;
const old = { major: 3, minor: 6 };
const newest = { major: 3, minor: 7 };

describe('rules', () => {
  it.each([
    [host('a.test'), 'Host("a.test")'],
    [path('/a'), 'Path("/a")'],
    [pathPrefix('/a'), 'PathPrefix("/a")'],
    [rules.pathRegexp(String.raw`/\d`), String.raw`PathRegexp("^(?:/\\d)$")`],
    [rules.header('X-A', 'always'), 'Header("X-A", "always")'],
    [rules.headerRegexp('Cookie', 'a=b'), 'HeaderRegexp("Cookie", "^(?:a=b)$")'],
    [rules.query('q', '1'), 'Query("q", "1")'],
    [rules.queryRegexp('q', '1|2'), 'QueryRegexp("q", "^(?:1|2)$")'],
    [rules.method('GET'), 'Method("GET")'],
    [hostSniAny(), 'HostSNI("*")'],
    [wildcardHost('*.a_b.test', newest), 'Host("*.a_b.test")'],
    [wildcardHost('*.a_b.test', old), String.raw`HostRegexp("^[^.]+\\.a_b\\.test$")`],
    [rules.hostBelow('a_b.test'), String.raw`HostRegexp("^.+\\.a_b\\.test$")`],
    [any(path('/a')), 'Path("/a")'],
    [all(any(host('a'), host('b')), path('/')), '(Host("a") || Host("b")) && Path("/")'],
  ])('%s', (rule, text) => expect(rule).toBe(text));

  it.each([
    ['/', 'PathPrefix("/")'],
    ['/foo', '(Path("/foo") || PathPrefix("/foo/"))'],
    ['/foo/', '(Path("/foo") || PathPrefix("/foo/"))'],
  ])('takes the elements of %s', (prefix, text) => expect(prefixByElement(prefix)).toBe(text));

  it('cannot be broken out of', () => {
    expect(pathPrefix('/x`) || PathPrefix(`/')).toBe('PathPrefix("/x`) || PathPrefix(`/")');
    expect(pathPrefix('/x") || PathPrefix("/')).toBe(String.raw`PathPrefix("/x\") || PathPrefix(\"/")`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // One literal, whose end is the end of the rule.
        expect(path(text)).toMatch(/^Path\("(?:[^"\\\x00-\x1f\x7f]|\\["\\bfnrt]|\\u[0-9a-f]{4})*"\)$/);
      }),
    );
  });
});
