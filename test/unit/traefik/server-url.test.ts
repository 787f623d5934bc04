import { expect, it } from 'vitest';
import { isServerAddress, isServerUrl } from '../../../src/traefik/server-url.ts';

it.each(['http://10.0.0.1:80', 'https://[fd00::1]:8443', 'h2c://svc.ns.svc:80/base/', 'http://a_b'])(
  'takes the URL %s',
  (url) => expect(isServerUrl(url)).toBe(true),
);
it.each([
  '10.0.0.1:80',
  'http://',
  'http://a:0',
  'http://a:65536',
  'http://[::zz]:1',
  'http://[fe80::1%eth0]:1',
  'http://user@a:1',
  'http://a/?q',
  'http://a b',
  'file:///etc/passwd',
  'http://a/\u2551',
])('refuses the URL %s', (url) => expect(isServerUrl(url)).toBe(false));

it.each(['10.0.0.1:3306', '[fd00::1]:53', 'db.test:1'])('takes the address %s', (address) =>
  expect(isServerAddress(address)).toBe(true),
);
it.each(['10.0.0.1', ':80', '[::g]:1', 'a:99999', 'fd00::1:53', 'http://a:1'])(
  'refuses the address %s',
  (address) => expect(isServerAddress(address)).toBe(false),
);
