import { expect, it } from 'vitest';
import { toCanonicalAddress } from '../../../src/lib/canonical-address.ts';

it.each([
  ['2001:DB8:0::57', '2001:db8::57'],
  ['[2001:db8::57]', '2001:db8::57'],
  ['2001:db8:0:0:0:0:0:57', '2001:db8::57'],
  ['::ffff:192.168.7.57', '192.168.7.57'],
  ['::FFFF:c0a8:739', '192.168.7.57'],
  ['192.168.7.57', '192.168.7.57'],
  ['VM2.example.com', 'vm2.example.com'],
  // With a zone it means an interface, not an address; and a port makes it none.
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['192.168.7.57:80', '192.168.7.57:80'],
  ['[x', '[x'],
])('%s is %s', (text, canonical) => expect(toCanonicalAddress(text)).toBe(canonical));
