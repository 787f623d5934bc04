import { describe, expect, it } from 'vitest';
import { NetworkSet } from '../../../../src/lib/network-set.ts';
import { forbidAddress } from '../../../../src/translate/backend/address-policy.ts';

const toRights = (cidrs: readonly string[]) => ({
  networks: new NetworkSet(cidrs),
  field: 'services.externalEndpoints.allowedCIDRs',
});

describe('an address as a server', () => {
  it.each(['10.0.0.1', '192.168.7.57', '203.0.113.9', '2001:db8::1', 'fd00::10', '100.100.100.201'])(
    'may be %s',
    (address) => expect(forbidAddress(address, undefined)).toBeUndefined(),
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '224.0.0.1',
    '239.255.255.255',
    '255.255.255.255',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    'fe80::1',
    'febf::1',
    'ff02::1',
    'FD00:EC2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fec0::1',
    '240.0.0.1',
    '::169.254.169.254',
    '::ffff:0:127.0.0.1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::7f00:1',
    '64:ff9b:1:7f00:0:100::',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001:0:7f00:1::',
  ])('may not be %s', (address) => expect(forbidAddress(address, undefined)).toContain('nobody may publish'));

  it.each([
    '',
    'localhost',
    '1.2.3',
    '999.1.1.1',
    '0177.0.0.1',
    '0x7f.1',
    '10.0.0.1:80',
    'fe80::1%eth0',
    '1::1%lo',
    '[::1]',
  ])('is not %j, which is none', (address) =>
    expect(forbidAddress(address, undefined)).toBe('is not an IP address'),
  );

  const none = new NetworkSet([]);

  it.each([
    ['192.168.7.57', undefined],
    ['::ffff:192.168.7.57', undefined],
    ['64:ff9b::192.168.7.57', undefined],
    ['10.0.0.1', 'allowedCIDRs'],
    ['64:ff9b::10.0.0.1', 'allowedCIDRs'],
    ['2002:a00:1::', 'allowedCIDRs'],
    ['2001:db8::1', 'allowedCIDRs'],
  ])('written by hand lies in the networks that are allowed: %s', (address, refusal) => {
    const why = forbidAddress(address, { rights: toRights(['192.168.0.0/16']), own: none });
    if (refusal === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(refusal);
  });

  it('that carries an IPv4 address is judged by it and not by ::/0', () => {
    const rights = toRights(['192.168.0.0/16', '2000::/3']);
    expect(forbidAddress('2002:a00:1::', { rights, own: none })).toContain('allowedCIDRs');
    expect(forbidAddress('2001:db8::1', { rights, own: none })).toBeUndefined();
  });

  it('is never one of the edge, and never one that nobody may publish', () => {
    const limits = { rights: toRights(['::/0']), own: new NetworkSet(['203.0.113.1']) };
    expect(forbidAddress('127.0.0.1', limits)).toContain('nobody may publish');
    for (const address of ['203.0.113.1', '::ffff:203.0.113.1', '64:ff9b::203.0.113.1'])
      expect(forbidAddress(address, limits)).toContain('the edge itself');
    expect(forbidAddress('203.0.113.2', limits)).toBeUndefined();
  });
});
