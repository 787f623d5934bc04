import { describe, expect, it } from 'vitest';
import type { Fragment } from '../../../src/render/fragment.ts';
import { Fragments } from '../../../src/render/fragments.ts';

function fragment(section: Fragment['section'], key: string, value: string): Fragment {
  return { section, key, member: section === 'tls.certificates' ? value : `"${key}":${value}` };
}

function divide(order: readonly string[]): string {
  const fragments = new Fragments(4);
  for (const key of order) fragments.replace(key, [fragment('http.routers', key, '1')]);
  fragments.replace('c', [fragment('tls.certificates', 'c', '"cert"')]);
  return fragments.toBody().toString();
}

describe('fragments', () => {
  it('make an empty object of nothing', () => {
    expect(new Fragments().toBody().toString()).toBe('{}');
  });

  it('stand in their sections, sorted, with lists as lists', () => {
    const fragments = new Fragments();
    fragments.replace('b', [fragment('udp.routers', 'u', '3'), fragment('http.routers', 'b', '2')]);
    fragments.replace('a', [
      fragment('tls.certificates', 'z', '"cert"'),
      fragment('http.services', 's', '4'),
      fragment('http.routers', 'a', '1'),
    ]);
    expect(fragments.toBody().toString()).toBe(
      '{"http":{"routers":{"a":1,"b":2},"services":{"s":4}},"tls":{"certificates":["cert"]},"udp":{"routers":{"u":3}}}',
    );
  });

  it('leave out a section whose last fragment has gone: Traefik refuses an empty one', () => {
    const fragments = new Fragments();
    fragments.replace('a', [fragment('http.routers', 'a', '1'), fragment('tcp.routers', 'a', '1')]);
    fragments.replace('a', [fragment('tcp.routers', 'a', '1')]);
    expect(fragments.toBody().toString()).toBe('{"tcp":{"routers":{"a":1}}}');
    fragments.replace('a', []);
    expect(fragments.toBody().toString()).toBe('{}');
  });

  it('say whether anything changed', () => {
    const fragments = new Fragments();
    expect(fragments.replace('a', [])).toBe(false);
    expect(fragments.replace('a', [fragment('http.routers', 'a', '1')])).toBe(true);
    expect(fragments.replace('a', [fragment('http.routers', 'a', '1')])).toBe(false);
    expect(fragments.replace('a', [fragment('http.routers', 'a', '2')])).toBe(true);
    expect(fragments.replace('a', [])).toBe(true);
  });

  it('stay while another owner has the same key', () => {
    const fragments = new Fragments();
    fragments.replace('a', [fragment('http.services', 's', '1')]);
    fragments.replace('b', [fragment('http.services', 's', '1')]);
    fragments.replace('a', []);
    expect(fragments.toBody().toString()).toBe('{"http":{"services":{"s":1}}}');
  });

  it('can be divided by their keys, under spellings that Traefik takes as one name', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
    const text = divide(keys);
    expect(divide(keys.toReversed())).toBe(text);
    const { http, tls } = JSON.parse(text) as Record<string, Record<string, Record<string, number>>>;
    expect(Object.keys(http ?? {})).toEqual(['routers', 'Routers', 'rOuters', 'ROuters']);
    expect(
      Object.values(http ?? {})
        .flatMap((part) => Object.keys(part))
        .toSorted(),
    ).toEqual(keys.toSorted());
    expect(Math.max(...Object.values(http ?? {}).map((part) => Object.keys(part).length))).toBeLessThan(50);
    expect(tls).toEqual({ certificates: ['cert'] });
  });
});
