import { describe, expect, it } from 'vitest';
import { toBlockList } from '../../../../src/annotations/parsers.ts';
import { forbidAddress, forbidName } from '../../../../src/translate/backend/address-policy.ts';

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

  it('lies within the networks that are allowed, if any are named', () => {
    const allowed = toBlockList(['192.168.0.0/16']);
    expect(forbidAddress('192.168.7.57', allowed)).toBeUndefined();
    expect(forbidAddress('10.0.0.1', allowed)).toContain('allowedCIDRs');
    expect(forbidAddress('2001:db8::1', allowed)).toContain('allowedCIDRs');
    expect(forbidAddress('127.0.0.1', toBlockList(['0.0.0.0/0']))).toContain('nobody may publish');
  });
});

describe('a name as a server', () => {
  it.each(['api.example.org', 'api.example.org.', 'db', 'x1.y2', '0x7f.example.org'])('may be %s', (name) =>
    expect(forbidName(name)).toBeUndefined(),
  );

  it.each([
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '127.0x1',
    '0x',
  ])('may not be %s, which is read as an address or as the host itself', (name) =>
    expect(forbidName(name)).toContain('the edge host itself'),
  );

  it.each(['', 'a b', 'a/b', 'a..b', '-a', 'a:80', '::1', 'x'.repeat(254), 'a@b', 'ä.de'])(
    'is not %j',
    (name) => expect(forbidName(name)).toBe('is not a DNS name'),
  );
});
