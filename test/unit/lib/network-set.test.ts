import { BlockList, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpAddress, toInnerAddresses } from '../../../src/lib/ip-address.ts';
import { NetworkSet } from '../../../src/lib/network-set.ts';

const ipV4 = fc.oneof(fc.ipV4(), fc.constantFrom('0.0.0.0', '255.255.255.255', '127.0.0.1', '10.0.0.0'));
const ipV6 = fc.oneof(
  fc.ipV6(),
  ipV4.map((address) => `::ffff:${address}`),
  fc.constantFrom(
    '::',
    '::1',
    '1::',
    '::ffff:0:0',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '1:2:3:4:5:6:7::',
  ),
);
const address = fc.oneof(ipV4, ipV6);
const network = address.chain((each) => fc.nat(isIPv6(each) ? 128 : 32).map((length) => `${each}/${length}`));

function toBlockList(networks: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const each of networks) {
    const [text = '', length] = each.split('/');
    blocks.addSubnet(text, Number(length), isIPv6(text) ? 'ipv6' : 'ipv4');
  }
  return blocks;
}

function has(networks: readonly string[], text: string): boolean {
  const parsed = parseIpAddress(text);
  return parsed !== undefined && new NetworkSet(networks).has(parsed);
}

describe('a set of networks', () => {
  it('says what net.BlockList says', () => {
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 5 }),
        fc.array(address, { minLength: 1 }),
        (networks, all) => {
          const blocks = toBlockList(networks);
          // The addresses of the networks themselves as well, which are near their ends.
          for (const each of [...all, ...networks.map((text) => text.split('/')[0] ?? '')]) {
            const expected = blocks.check(each, isIPv6(each) ? 'ipv6' : 'ipv4');
            expect(has(networks, each), `${each} in ${networks.join(' ')}`).toBe(expected);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['10.0.0.255', true],
    ['10.0.1.0', false],
    ['9.255.255.255', false],
    ['::ffff:10.0.0.1', true],
    ['2001:db8::1', true],
    ['2001:db9::', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
  ])('with a few has %s: %j', (text, expected) =>
    expect(has(['10.0.0.0/24', '2001:db8::/32', '192.0.2.1'], text)).toBe(expected),
  );

  it.each(['', 'x', '10.0.0', '010.0.0.1', '1::2::3', 'fe80::1%eth0', `${'1:'.repeat(50)}:`])(
    'has no %j, which is no address',
    (text) => expect(parseIpAddress(text)).toBeUndefined(),
  );
});

describe('an IPv6 address', () => {
  it.each([
    ['::ffff:10.0.0.1', []],
    ['::10.0.0.1', ['10.0.0.1']],
    ['::ffff:0:10.0.0.1', ['10.0.0.1']],
    ['64:ff9b::10.0.0.1', ['10.0.0.1']],
    ['64:ff9b:1::10.0.0.1', ['10.0.0.1']],
    ['64:ff9b:1:a00:0:100::', ['10.0.0.1']],
    ['64:ff9b:1:ff0a:0:1::', ['255.10.0.0', '10.0.0.1']],
    ['64:ff9b:1:0:a:0:100:0', ['10.0.0.1', '1.0.0.0']],
    ['64:ff9b:1::', ['0.0.0.0']],
    ['2002:a00:1::1', ['10.0.0.1']],
    ['2001:0:a00:1::f5ff:fffe', ['10.0.0.1', '10.0.0.1']],
    ['2001:db8::a00:1', []],
    ['10.0.0.1', []],
  ])('%s stands for %j', (text, inner) => {
    const parsed = parseIpAddress(text);
    expect(parsed && toInnerAddresses(parsed)).toEqual(inner.map((each) => parseIpAddress(each)));
  });
});
