import { describe, expect, it } from 'vitest';
import { findNesting } from '../../../../src/translate/gateway/nesting.ts';
import type { HostMatch } from '../../../../src/routes/match.ts';
import { toListener } from './listeners.ts';

function nest(...listeners: readonly (readonly [host: string, port?: number, protocol?: string])[]): unknown {
  const all = listeners.map(([host, port = 80, protocol = 'HTTP']) => ({
    host: toHost(host),
    listener: toListener(host, { port, protocol }),
  }));
  return Object.fromEntries(
    [...findNesting(all)].map(([{ listener }, { narrower, isInside = false }]) => [
      `${listener.name} ${listener.protocol} ${listener.port}`,
      `${narrower.join(' ')}|${isInside}`,
    ]),
  );
}

function toHost(text: string): HostMatch {
  if (text === '') return { kind: 'any' };
  return text.startsWith('*.')
    ? { kind: 'wildcard', suffix: text.slice(2), labels: 'many' }
    : { kind: 'exact', name: text };
}

describe('the hosts of listeners', () => {
  it('lie inside those of wider ones on the same port', () => {
    expect(
      nest([''], ['*.example.com'], ['*.foo.example.com'], ['abc.foo.example.com'], ['bar.com']),
    ).toEqual({
      ' HTTP 80': '**.example.com **.foo.example.com abc.foo.example.com bar.com|false',
      '*.example.com HTTP 80': '**.foo.example.com abc.foo.example.com|true',
      '*.foo.example.com HTTP 80': 'abc.foo.example.com|true',
      'abc.foo.example.com HTTP 80': '|true',
      'bar.com HTTP 80': '|true',
    });
  });

  it('have nothing to do with those of other ports and protocols, but for HTTPS and TLS', () => {
    expect(nest(['*.a.test'], ['b.a.test', 8080], ['c.a.test', 80, 'TCP'])).toEqual({
      '*.a.test HTTP 80': '|false',
      'b.a.test HTTP 8080': '|false',
      'c.a.test TCP 80': '|false',
    });
    expect(nest(['*.a.test', 443, 'HTTPS'], ['b.a.test', 443, 'TLS'])).toEqual({
      '*.a.test HTTPS 443': 'b.a.test|false',
      'b.a.test TLS 443': '|true',
    });
  });
});
