import { describe, expect, it } from 'vitest';
import { toHeaderLines } from '../../../src/annotations/header-lines.ts';
import { checkElement } from '../../../src/traefik/check-element.ts';

const request = toHeaderLines('request');
const response = toHeaderLines('response');

describe('lines of headers', () => {
  it('set and remove headers, each once', () => {
    const headers = { 'X-A': 'b: c', 'X-B': '' };
    expect(request(' X-A:b: c\r\n\nX-B:\n')).toEqual({ ok: true, value: headers });
  });

  it('are off', () => expect(request(' Off ')).toEqual({ ok: true, value: false }));

  it('have a host that is one', () => {
    for (const host of ['shop.example.com', 'shop:8080', '[2001:db8::1]:80'])
      expect(request(`Host: ${host}`)).toEqual({ ok: true, value: { Host: host } });
  });

  it.each([
    '',
    ' \n ',
    'X-A',
    '__proto__: a',
    ': b',
    'X A: b',
    'X-A: b\nx-a: c',
    'X-A: b\rX-B: c',
    'X-A: \u0000',
    'X-A: \ud800',
    `X-A: ${'b'.repeat(1_001)}`,
    'Host:',
    'Host: a/b',
    'Host: a, b',
    ...['Connection', 'content-length', 'TE', 'Transfer-Encoding', 'Upgrade'].map((name) => `${name}: x`),
    Array.from({ length: 101 }, (_, at) => `X-${at}: a`).join('\n'),
    Array.from({ length: 100_000 }, () => 'X-A: a').join('\n'),
  ])('are never %j', (text) => expect(request(text).ok).toBe(false));

  it('that are taken are none that Traefik would refuse', () => {
    for (const text of ['X-A: \u0080\u2551é😀\tb', '!#$%&: `', 'X-A:', 'constructor: b']) {
      const parsed = response(text);
      if (parsed.ok && parsed.value !== false)
        expect(
          checkElement('http.middlewares', { headers: { customResponseHeaders: parsed.value } }),
        ).toBeNull();
    }
    expect.assertions(4);
  });
});
