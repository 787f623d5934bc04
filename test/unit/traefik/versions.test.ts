import { describe, expect, it } from 'vitest';
import { checkElement } from '../../../src/traefik/check-element.ts';
import { knowsWildcardHosts, withoutUnknownFields } from '../../../src/traefik/versions.ts';
import { listOneOfEach } from './one-of-each.ts';

const v = (minor: number) => ({ major: 3, minor });

describe('withoutUnknownFields', () => {
  it('returns the very same object when nothing has to go', () => {
    const service = { loadBalancer: { servers: [{ url: 'http://a:1' }], passHostHeader: true } };
    expect(withoutUnknownFields('http.services', service, v(0))).toEqual({ value: service, dropped: [] });
    expect(withoutUnknownFields('http.services', service, v(0)).value).toBe(service);
  });

  it.each(listOneOfEach())('takes nothing from %s %s for the newest version', (section, _name, element) => {
    if (typeof element !== 'object' || element === null) throw new Error('no element');
    expect(withoutUnknownFields(section, element, v(7))).toEqual({ value: element, dropped: [] });
    expect(withoutUnknownFields(section, element, { major: 4, minor: 0 }).dropped).toEqual([]);
  });

  it('drops fields of list items, and leaves the original alone', () => {
    const service = {
      loadBalancer: { servers: [{ url: 'http://a:1' }, { url: 'http://b:1', preservePath: true }] },
    };
    const { value, dropped } = withoutUnknownFields('http.services', service, v(1));
    expect(dropped).toEqual(['loadBalancer.servers[1].preservePath']);
    expect(value).toEqual({ loadBalancer: { servers: [{ url: 'http://a:1' }, { url: 'http://b:1' }] } });
    expect(service.loadBalancer.servers[1]).toHaveProperty('preservePath', true);
    expect(value.loadBalancer.servers[0]).toBe(service.loadBalancer.servers[0]);
  });

  it.each([
    [5, 'wrr', []],
    [5, 'p2c', []],
    [5, 'hrw', ['loadBalancer.strategy']],
    [3, 'p2c', ['loadBalancer.strategy']],
    [6, 'leasttime', []],
  ])('in 3.%i knows the strategy %s but for %j', (minor, strategy, dropped) => {
    const service = { loadBalancer: { servers: [], strategy } };
    expect(withoutUnknownFields('http.services', service, v(minor)).dropped).toEqual(dropped);
  });

  it('tells a field once, though a part of it is newer still', () => {
    const router = { observability: { accessLogs: true, traceVerbosity: 'minimal' } };
    expect(withoutUnknownFields('http.routers', router, v(2)).dropped).toEqual(['observability']);
    expect(withoutUnknownFields('http.routers', router, v(3)).dropped).toEqual([
      'observability.traceVerbosity',
    ]);
  });

  it('leaves what is unusable for the caller to find', () => {
    const { value, dropped } = withoutUnknownFields(
      'http.middlewares',
      { encodedCharacters: { allowEncodedSlash: true } },
      v(6),
    );
    expect(dropped).toEqual(['encodedCharacters']);
    expect(checkElement('http.middlewares', value)).toBe('has no kind');
  });

  it('drops nothing where a list or an object is missing on the way', () => {
    expect(
      withoutUnknownFields('http.services', { loadBalancer: { servers: 'none' } }, v(0)).dropped,
    ).toEqual([]);
    expect(withoutUnknownFields('http.services', { loadBalancer: null }, v(0)).dropped).toEqual([]);
  });
});

it('knows wildcards of Host from 3.7', () => {
  expect([v(0), v(6), v(7), { major: 4, minor: 0 }].map(knowsWildcardHosts)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
