import { describe, expect, it } from 'vitest';
import { OwnerRules } from '../../../src/conflicts/owner-rules.ts';
import type { Aged } from '../../../src/model/object-ref.ts';

const rules = new OwnerRules({
  hostOwnership: 'shared',
  owners: [
    { hosts: ['*.example.com', 'example.com'], namespaces: ['platform'] },
    { hosts: ['*.a.example.com', 'a.example.com'], namespaces: ['a', 'a-test'] },
    { hosts: ['shop.example.com'], namespaces: ['shop'] },
  ],
});

const of = (namespace: string): Aged => ({ ref: { source: 's', kind: 'Ingress', namespace, name: 'x' } });

describe('the owners of the settings', () => {
  it.each([
    ['example.com', ['platform']],
    ['x.example.com', ['platform']],
    ['deep.down.example.com', ['platform']],
    ['*.example.com', ['platform']],
    ['**.example.com', ['platform']],
    ['a.example.com', ['a', 'a-test']],
    ['*.a.example.com', ['a', 'a-test']],
    ['x.y.a.example.com', ['a', 'a-test']],
    ['shop.example.com', ['shop']],
    ['www.shop.example.com', ['platform']],
    ['badexample.com', undefined],
    ['com', undefined],
    ['*.com', undefined],
    ['', undefined],
    ['10.0.0.1', undefined],
  ])('of %s are %j', (name, owners) => {
    const found = rules.listOwners(name);
    expect(found && [...found]).toEqual(owners);
    for (const each of ['platform', 'a', 'shop', 'evil']) {
      expect(rules.allows(name, of(each))).toBe(owners?.includes(each) ?? true);
    }
  });

  it('of hosts below a wildcard are known by the wildcard', () => {
    expect(rules.findForeignBelow('*.example.com', of('platform'))).toBe('a.example.com');
    expect(rules.findForeignBelow('*.a.example.com', of('a'))).toBeUndefined();
    expect(rules.findForeignBelow('*.com', of('platform'))).toBeUndefined();
    expect(rules.findForeignBelow('*.com', of('evil'))).toBe('example.com');
  });
});
