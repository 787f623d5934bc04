import { describe, expect, it } from 'vitest';
import type { Listener } from '../../../../src/model/gateway-specs.ts';
import { ListenerConflicts } from '../../../../src/translate/gateway/listener-conflicts.ts';
import { toListener } from './listeners.ts';

/** What stands in the way of the listeners of several objects, in their order of precedence. */
function refused(...objects: readonly (readonly Listener[])[]): Readonly<Record<string, string>> {
  const conflicts = new ListenerConflicts();
  return Object.fromEntries(
    objects.flatMap((each) => [...conflicts.take(each)].map(([{ name }, { reason }]) => [name, reason])),
  );
}

const a = toListener('a', { hostname: 'a.test' });

describe('listeners on one port', () => {
  it('are told apart by their hosts', () => {
    const others = [toListener('any'), toListener('wide', { hostname: '*.test' })];
    expect(refused([a, ...others], [toListener('b', { hostname: 'b.test' })])).toEqual({});
  });

  it('with one host are those of the object that goes first', () => {
    expect(refused([a], [{ ...a, name: 'b' }], [{ ...a, name: 'c' }])).toEqual({
      b: 'HostnameConflict',
      c: 'HostnameConflict',
    });
  });

  it('with one host in one object do not stand, since nothing says which is meant', () => {
    const https = toListener('b', { port: 443, protocol: 'HTTPS' });
    expect(refused([https, { ...https, name: 'c', protocol: 'TLS' }])).toEqual({
      b: 'HostnameConflict',
      c: 'HostnameConflict',
    });
  });

  it('share it as HTTPS and TLS, and in no other way', () => {
    const https = toListener('https', { protocol: 'HTTPS', hostname: 'a.test' });
    const tls = toListener('tls', { protocol: 'TLS', hostname: 'b.test' });
    expect(refused([https, tls])).toEqual({});
    expect(refused([a, https])).toEqual({ a: 'ProtocolConflict', https: 'ProtocolConflict' });
    expect(refused([a], [toListener('tcp', { protocol: 'TCP' })])).toEqual({ tcp: 'ProtocolConflict' });
  });

  it('of TCP are one, and those of UDP another one', () => {
    const tcp = toListener('tcp', { protocol: 'TCP' });
    const udp = toListener('udp', { protocol: 'UDP' });
    expect(refused([tcp, udp])).toEqual({});
    expect(refused([tcp], [{ ...tcp, name: 'other' }])).toEqual({ other: 'ListenerConflict' });
  });

  // As ListenerSetProtocolConflict of the official suite has it.
  it('are not in the way of each other when a former object has refused them', () => {
    const own = [toListener('tcp', { protocol: 'TCP' }), toListener('http', { hostname: 'b.test' })];
    expect(refused([a], own)).toEqual({ tcp: 'ProtocolConflict' });
  });

  it('of a protocol that nothing serves are in nobody’s way', () => {
    expect(refused([toListener('odd', { protocol: 'constructor' }), a])).toEqual({});
  });
});
