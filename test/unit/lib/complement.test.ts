import { BlockList } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toComplement } from '../../../src/lib/complement.ts';

function family(text: string): 'ipv4' | 'ipv6' {
  return text.includes(':') ? 'ipv6' : 'ipv4';
}

function toList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of networks) {
    const [address = '', prefix = ''] = each.split('/');
    list.addSubnet(address, Number(prefix), family(address));
  }
  return list;
}

describe('the complement of networks', () => {
  it.each([
    [[], ['0.0.0.0/0', '::/0']],
    [['0.0.0.0/0', '::/0'], []],
    [['0.0.0.0/1'], ['128.0.0.0/1', '::/0']],
    [
      ['128.0.0.0/2', '10.0.0.1/1'],
      ['192.0.0.0/2', '::/0'],
    ],
    [['::/1', '0.0.0.0/0'], ['8000::/1']],
  ])('%j is %j', (networks, complement) => expect(toComplement(networks, 1_000)).toEqual(complement));

  it('is given up when it takes too many', () => {
    expect(toComplement(['10.0.0.1', '10.9.0.1'], 40)).toBeUndefined();
    expect(toComplement(['2001:db8::1'], 127)).toBeUndefined();
    expect(toComplement(['2001:db8::1'], 129)).toHaveLength(129);
  });

  it('holds every address that they do not', () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
      fc
        .tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
        .map(([address, prefix]) => `${address}/${prefix}`),
    );
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 5 }),
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 5 }),
        (networks, addresses) => {
          const complement = toComplement(networks, 10_000) ?? [];
          for (const address of addresses) {
            // A list would take an IPv4 address for its mapped form, which is in IPv6 networks.
            const isAlike = (each: string): boolean => family(each) === family(address);
            const denied = toList(networks.filter(isAlike)).check(address, family(address));
            expect(toList(complement.filter(isAlike)).check(address, family(address))).toBe(!denied);
          }
        },
      ),
    );
  });
});
