import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../../../src/model/object-ref.ts';
import type { HTTPRoute } from '../../../../src/model/objects.ts';
import { kinds } from '../../../../src/kinds/index.ts';
import { routesAt, routesTo } from '../../../../src/kinds/index-keys.ts';
import { narrow, narrowOne } from '../support.ts';
import { manifest } from './support.ts';

function read(spec: unknown): { object: HTTPRoute; fields: string[] } {
  return narrowOne('HTTPRoute', manifest('HTTPRoute', spec));
}

function readRule(rule: object): { rule: HTTPRoute['rules'][number] | undefined; fields: string[] } {
  const { object, fields } = read({ rules: [rule] });
  return { rule: object.rules[0], fields };
}

const everything = { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [] };

describe('an HTTPRoute', () => {
  it('gets what the API server fills in', () => {
    const { object, fields } = read({
      parentRefs: [{ name: 'gw' }],
      hostnames: ['Shop.Example.com', 'shop.example.com'],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    });
    expect(fields).toEqual([]);
    expect(object).toMatchObject({
      parentRefs: [
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw', field: 'spec.parentRefs[0]' },
      ],
      hostnames: ['shop.example.com'],
      rules: [
        {
          matches: [everything],
          filters: [],
          timeouts: {},
          backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 80, weight: 1, filters: [] }],
          field: 'spec.rules[0]',
        },
      ],
      generation: 0,
      status: {},
    });
  });

  it('has one rule that takes everything where it has none', () => {
    expect(read({}).object.rules).toMatchObject([{ matches: [everything], backendRefs: [], filters: [] }]);
    expect(read({ rules: [] }).object.rules).toEqual([]);
  });

  it('has all that its rules say', () => {
    const { rule, fields } = readRule({
      name: 'first',
      matches: [
        {
          path: { type: 'Exact', value: '/a%20b' },
          method: 'GET',
          headers: [
            { name: 'X-A', value: '1' },
            { name: 'x-a', value: '2' },
          ],
          queryParams: [{ name: 'q', type: 'RegularExpression', value: '.+' }],
        },
      ],
      timeouts: { request: '10s', backendRequest: '1m500ms' },
      retry: { codes: [503, 503], attempts: 3, backoff: '100ms' },
      sessionPersistence: {
        sessionName: 's',
        absoluteTimeout: '1h',
        cookieConfig: { lifetimeType: 'Permanent' },
      },
    });
    expect(fields).toEqual([]);
    expect(rule).toMatchObject({
      name: 'first',
      matches: [
        {
          path: { type: 'Exact', value: '/a%20b' },
          method: 'GET',
          headers: [{ type: 'Exact', name: 'X-A', value: '1' }],
          queryParams: [{ type: 'RegularExpression', name: 'q', value: '.+' }],
          field: 'spec.rules[0].matches[0]',
        },
      ],
      timeouts: { request: 10_000, backendRequest: 60_500 },
      retry: { codes: [503], attempts: 3, backoff: 100 },
      sessionPersistence: {
        type: 'Cookie',
        sessionName: 's',
        absoluteTimeout: 3_600_000,
        lifetime: 'Permanent',
      },
    });
  });

  it.each(['/a b', '//', '/a/../b', '/a%2Fb', '/ä', 'a', '/a#b', '/'.padEnd(1025, 'a')])(
    'leaves out the match with the path %j, and keeps the others',
    (value) => {
      const { rule, fields } = readRule({ matches: [{ path: { value } }, { path: { value: '/ok' } }] });
      expect(fields).toEqual(['spec.rules[0].matches[0].path.value']);
      expect(rule).toMatchObject({ matches: [{ path: { value: '/ok' } }], filters: [] });
    },
  );

  it.each([
    ['a condition that cannot be read', [{ headers: [{ name: 'a b', value: 'x' }] }]],
    ['an unknown method', [{ method: 'BREW' }]],
    ['an unknown type of path', [{ path: { type: 'Glob', value: '/a' } }]],
    ['too many conditions', [{ headers: many(17, (n) => ({ name: `h${n}`, value: 'x' })) }]],
  ])('refuses the requests of a rule with %s', (_, matches) => {
    const { rule, fields } = readRule({ matches });
    expect(fields).toHaveLength(1);
    expect(rule?.filters).toEqual([{ type: 'other', name: '', field: 'spec.rules[0].matches' }]);
    expect(rule?.matches).toHaveLength(1);
  });

  it('has as many rules and matches as the API server takes', () => {
    const matches = many(50, (n) => ({ path: { value: `/${n}` } }));
    const { object, fields } = read({ rules: many(17, () => ({ matches })) });
    expect(object.rules.map((rule) => rule.matches.length)).toEqual([50, 50, 28]);
    expect(object.rules.map(({ filters }) => filters.length)).toEqual([0, 0, 0]);
    const one = readRule({ matches: many(65, (n) => ({ path: { value: `/${n}` } })) });
    expect(one.rule?.matches).toHaveLength(64);
    expect(fields[0]).toBe('spec.rules');
  });

  it('keeps the share of a backend that cannot be read, and names no Service by it', () => {
    const backendRefs = [
      { name: 'a', port: 80 },
      { name: 'b', port: 'http', weight: 3 },
      { namespace: 'x y', name: 'c' },
    ];
    const { rule, fields } = readRule({ backendRefs });
    expect(rule?.backendRefs.map(({ name, weight }) => [name, weight])).toEqual([
      ['a', 1],
      ['', 3],
      ['', 1],
    ]);
    expect(fields).toHaveLength(2);
  });

  it('loses one rule of which nothing can be read, and keeps the others', () => {
    const { object, fields } = read({ rules: [5, { matches: 'x' }, {}] });
    expect(object.rules.map(({ field }) => field)).toEqual(['spec.rules[2]']);
    expect(fields).toEqual(['spec.rules[0]', 'spec.rules[1].matches']);
  });

  it.each([
    [{ hostnames: ['a b'] }, 'spec.hostnames[0]'],
    [{ hostnames: 'a.b' }, 'spec.hostnames'],
    [{ parentRefs: {} }, 'spec.parentRefs'],
    [{ rules: {} }, 'spec.rules'],
    [5, 'spec'],
  ])('is not read as %j', (spec, field) => {
    const { objects, problems } = narrow(manifest('HTTPRoute', spec));
    expect(objects).toEqual([]);
    expect(problems).toMatchObject([{ code: 'object-malformed', field }]);
  });

  it('is attached to less, rather than to more, where a parentRef cannot be read', () => {
    const parentRefs = [
      { name: 'a', sectionName: 5 },
      { name: 'b', port: 0 },
      { name: 'c', port: 80, sectionName: 'x' },
    ];
    const { object } = read({ parentRefs });
    expect(object.parentRefs).toMatchObject([{ name: 'c', port: 80, sectionName: 'x' }]);
  });

  it('is found by its Services, and by its hosts at its parents', () => {
    const { object } = read({
      parentRefs: [
        { name: 'gw', namespace: 'edge' },
        { kind: 'ListenerSet', name: 'ls' },
        { group: '', kind: 'Service', name: 's' },
      ],
      hostnames: ['a.test', '*.b.test'],
      rules: [
        {
          backendRefs: [
            { name: 'web' },
            { name: 'web', namespace: 'other' },
            { kind: 'Bucket', group: 'x', name: 'y' },
          ],
        },
      ],
    });
    expect([...kinds.HTTPRoute.toIndexKeys(object)].sort()).toEqual(
      [
        routesTo(ref('Service', 'ns', 'web')),
        routesTo(ref('Service', 'other', 'web')),
        routesAt('HTTPRoute', ref('Gateway', 'edge', 'gw'), 'a.test'),
        routesAt('HTTPRoute', ref('Gateway', 'edge', 'gw'), '*.b.test'),
        routesAt('HTTPRoute', ref('ListenerSet', 'ns', 'ls'), 'a.test'),
        routesAt('HTTPRoute', ref('ListenerSet', 'ns', 'ls'), '*.b.test'),
      ].sort(),
    );
  });
});

function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function ref(kind: 'Gateway' | 'ListenerSet' | 'Service', namespace: string, name: string): ObjectRef {
  return { source: 'test', kind, namespace, name };
}
