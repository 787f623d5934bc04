import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ConnectionLimits } from '../../../src/http/connection-limits.ts';

function toSocket(remoteAddress: string, remotePort: number): Socket {
  return Object.defineProperties(new Socket(), {
    remoteAddress: { value: remoteAddress },
    remotePort: { value: remotePort },
  });
}

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::1', '2001:db8::2:1', true],
  ['::1', '::2', true],
  ['fe80::1%eth0', 'fe80::2%eth0', true],
  ['::ffff:192.0.2.1', '192.0.2.1', true],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
])('%s and %s count together: %s', (first, second, together) => {
  const limits = new ConnectionLimits({ perAddress: 1, strangersPerAddress: 9 });
  expect(limits.admit(toSocket(first, 1))).toBe(true);
  expect(limits.admit(toSocket(second, 2))).toBe(!together);
});

test('what is closed does not count any more, known or not', async () => {
  const limits = new ConnectionLimits({ perAddress: 9, strangersPerAddress: 1 });
  const [first, second] = [toSocket('192.0.2.1', 1), toSocket('192.0.2.1', 2)];
  expect(limits.admit(first)).toBe(true);
  expect(limits.admit(second)).toBe(false);
  limits.befriend(first);
  expect(limits.admit(second)).toBe(true);
  expect(limits.admit(toSocket('192.0.2.1', 3))).toBe(false);
  second.destroy();
  await new Promise((resolve) => void second.once('close', resolve));
  expect(limits.admit(toSocket('192.0.2.1', 3))).toBe(true);
});
