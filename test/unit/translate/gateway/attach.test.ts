import { describe, expect, it } from 'vitest';
import { toHostText } from '../../../../src/routes/match.ts';
import { attachRoute, type Attachment } from '../../../../src/translate/gateway/attach.ts';
import { toAttaching, toParent, toRoute } from './gateways.ts';

/** `listener: hosts` for each listener of each parent, or the reason why not. */
function describeAll(attachments: readonly Attachment[]): readonly string[] {
  return attachments.flatMap(({ refusal, listeners }) =>
    refusal !== undefined
      ? [refusal.reason]
      : listeners.map(
          ({ listener, hosts }) =>
            `${listener.listener.name}: ${hosts.map((host) => toHostText(host) || 'any').join(' ')}`,
        ),
  );
}

function attach(
  listeners: Parameters<typeof toParent>[2],
  hostnames: readonly string[],
  parentRefs?: Parameters<typeof toRoute>[1],
): readonly string[] {
  const context = toAttaching([toParent('Gateway', 'gw', listeners)], {
    shop: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
  });
  return describeAll(attachRoute(context, toRoute(hostnames, parentRefs)));
}

const web = { name: 'web', port: 80 };
const alt = { name: 'alt', port: 8080 };

describe('which listeners a route is attached to', () => {
  it.each([
    ['all that a parentRef does not narrow', [{}], ['web: any', 'alt: any']],
    ['by sectionName', [{ sectionName: 'alt' }], ['alt: any']],
    ['by port', [{ port: 80 }], ['web: any']],
    ['by both', [{ sectionName: 'alt', port: 8080 }], ['alt: any']],
    ['a section of another port', [{ sectionName: 'alt', port: 80 }], ['NoMatchingParent']],
    ['a section that is not there', [{ sectionName: 'x' }], ['NoMatchingParent']],
    ['the same parentRef twice', [{ port: 80 }, { port: 80 }], ['web: any']],
    ['of a Gateway that is not ours', [{ name: 'other' }], []],
    ['a Service', [{ kind: 'Service', group: '' }], []],
    [
      'one entry for each parentRef',
      [{ sectionName: 'x' }, { sectionName: 'web' }],
      ['NoMatchingParent', 'web: any'],
    ],
  ])('%s', (_, parentRefs, expected) => {
    expect(attach([web, alt], [], parentRefs)).toEqual(expected);
  });

  it.each([
    ['Same', { from: 'Same' } as const, ['NotAllowedByListeners']],
    ['None', { from: 'None' } as const, ['NotAllowedByListeners']],
    [
      'a selector that fits',
      { from: 'Selector', selector: { matchLabels: { team: 'a' }, matchExpressions: [] } } as const,
      ['web: any'],
    ],
    [
      'a selector that does not',
      { from: 'Selector', selector: { matchLabels: { team: 'b' }, matchExpressions: [] } } as const,
      ['NotAllowedByListeners'],
    ],
  ])('of another namespace, with allowedRoutes %s', (_, namespaces, expected) => {
    expect(attach([{ ...web, allowedRoutes: { namespaces, kinds: [] } }], [])).toEqual(expected);
  });

  it('refuses kinds that the listener does not take', () => {
    const gateway = toParent('Gateway', 'gw', [web]);
    const [listener] = gateway.listeners;
    if (listener === undefined) throw new Error('no listener');
    const only = { ...gateway, listeners: [{ ...listener, supportedKinds: [] }] };
    expect(describeAll(attachRoute(toAttaching([only]), toRoute([])))).toEqual(['NotAllowedByListeners']);
  });

  it('does not reach the listeners of ListenerSets by their Gateway', () => {
    const gateway = toParent('Gateway', 'gw', [web]);
    const set = toParent('ListenerSet', 'set', [alt], { gateway: gateway.holder.ref });
    const context = toAttaching([gateway, set]);
    const section = toRoute([], [{ sectionName: 'alt' }]);
    expect(describeAll(attachRoute(context, section))).toEqual(['NoMatchingParent']);
    const bySet = toRoute([], [{ kind: 'ListenerSet', name: 'set' }]);
    expect(describeAll(attachRoute(context, bySet))).toEqual(['alt: any']);
  });

  it('refuses what names a parent that is not accepted', () => {
    const refusal = { reason: 'NotAllowed', message: 'no', hint: 'None.' };
    const context = toAttaching([toParent('Gateway', 'gw', [web], { refusal })]);
    expect(describeAll(attachRoute(context, toRoute([])))).toEqual(['NoMatchingParent']);
  });
});

describe('which hosts a route has at a listener', () => {
  it.each([
    ['none on either side', undefined, [], ['web: any']],
    ['those of the route', undefined, ['a.test', '*.b.test'], ['web: a.test **.b.test']],
    ['that of the listener', 'a.test', [], ['web: a.test']],
    ['an exact one of both', 'a.test', ['b.test', 'a.test'], ['web: a.test']],
    ['an exact one in a wildcard', '*.test', ['a.b.test', 'test'], ['web: a.b.test']],
    ['a wildcard around an exact one', 'a.b.test', ['*.test'], ['web: a.b.test']],
    ['the narrower wildcard', '*.b.test', ['*.test', '*.a.b.test'], ['web: **.b.test **.a.b.test']],
    ['each once', 'a.test', ['*.test', 'a.test'], ['web: a.test']],
    ['nothing in common', 'a.test', ['b.test', '*.a.test'], ['NoMatchingListenerHostname']],
    ['no host at all', undefined, ['a..b'], ['NoMatchingListenerHostname']],
  ])('%s', (_, hostname, hostnames, expected) => {
    expect(attach([{ ...web, ...(hostname !== undefined && { hostname }) }], hostnames)).toEqual(expected);
  });
});

describe('isolation of listeners', () => {
  const hostnames = ['bar.com', '*.example.com', '*.foo.example.com', 'abc.foo.example.com'];
  const listeners = [
    { name: 'any' },
    { name: 'example', hostname: '*.example.com' },
    { name: 'foo', hostname: '*.foo.example.com' },
    { name: 'abc', hostname: 'abc.foo.example.com' },
  ];

  it.each([
    ['any', 'any: bar.com'],
    ['example', 'example: **.example.com'],
    ['foo', 'foo: **.foo.example.com'],
    ['abc', 'abc: abc.foo.example.com'],
  ])('leaves a host to the most specific listener of the port: %s', (sectionName, expected) => {
    expect(attach(listeners, hostnames, [{ sectionName }])).toEqual([expected]);
  });

  it('has nothing to do with other ports', () => {
    const others = [{ name: 'any' }, { name: 'abc', hostname: 'abc.foo.example.com', port: 8080 }];
    const parentRefs = [{ sectionName: 'any' }];
    expect(attach(others, ['abc.foo.example.com'], parentRefs)).toEqual(['any: abc.foo.example.com']);
  });

  it('attaches a route whose hosts all belong to others, and gives it none', () => {
    expect(attach(listeners, ['a.example.com'], [{ sectionName: 'any' }])).toEqual(['any: ']);
  });
});
