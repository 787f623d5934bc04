import { expect, it } from 'vitest';
import { toHostName, toRulePath } from '../../../src/traefik/rule-text.ts';

it.each([
  ['Shop.Example.COM', 'shop.example.com'],
  ['shop.example.com.', 'shop.example.com'],
  ['a_b.test', 'a_b.test'],
  ['*.test.com', '*.test.com'],
  ['xn--bcher-kva.test', 'xn--bcher-kva.test'],
  ['localhost', 'localhost'],
])('reads the host %s as %s', (text, value) => expect(toHostName(text)).toEqual({ kind: 'valid', value }));

it.each([
  ['', 'is empty'],
  ['bücher.test', 'holds white space, control characters or characters beyond ASCII'],
  ['a b', 'holds white space, control characters or characters beyond ASCII'],
  ['a..b', 'has an empty label'],
  ['*', 'has the label "*", which no host has'],
  ['*foo.test', 'has the label "*foo", which no host has'],
  ['a.*.test', 'has the label "*", which no host has'],
  ['a:80', 'has the label "a:80", which no host has'],
  ['x`) || Host(`y', 'holds white space, control characters or characters beyond ASCII'],
  [`${'a'.repeat(64)}.test`, `has the label "${'a'.repeat(64)}", which no host has`],
  ['a.'.repeat(128), 'is longer than 253 characters'],
])('refuses the host %j', (text, reason) => expect(toHostName(text)).toEqual({ kind: 'invalid', reason }));

it.each([
  ['/', '/'],
  ['/foo/', '/foo/'],
  ['/foo%20bar', '/foo bar'],
  ['/%41', '/A'],
  ['/a%2fb', '/a%2Fb'],
  ['/a?b#c', '/a%3Fb%23c'],
  ['/50%', '/50%25'],
  ['/50%25', '/50%25'],
  ['/b%C3%BCcher', '/bücher'],
  ['/a.b/..c', '/a.b/..c'],
])('reads the path %s as %s', (text, value) => expect(toRulePath(text)).toEqual({ kind: 'valid', value }));

it.each([
  ['', 'does not start with a slash'],
  ['foo', 'does not start with a slash'],
  ['/a//b', 'has two slashes in a row, which no request has'],
  ['/a/../b', 'has a dot segment, which no request has'],
  ['/a/%2e%2E', 'has a dot segment, which no request has'],
  ['/.', 'has a dot segment, which no request has'],
  ['/a\nb', 'holds a control character'],
  ['/a%00', 'holds a control character'],
  ['/\ud800', 'holds a control character'],
  ['/%ff', 'has percent-encoding that is not UTF-8'],
  [`/${'a'.repeat(4096)}`, 'is longer than 4,096 characters'],
])('refuses the path %j', (text, reason) => expect(toRulePath(text)).toEqual({ kind: 'invalid', reason }));
