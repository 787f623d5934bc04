import { expect, it } from 'vitest';
import { sharePorts, shareText } from '../../../src/kinds/share.ts';

// Made each time, so that it is not the very same by itself.
const toPorts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `port-${at}`, port: at + 1, protocol: 'TCP' as const }));

it('has one list for equal ports', () => {
  expect(sharePorts(toPorts(2))).toBe(sharePorts(toPorts(2)));
});

it('does not keep what is long: who writes it again and again, a bit different each time, would fill the memory', () => {
  expect(sharePorts(toPorts(100))).not.toBe(sharePorts(toPorts(100)));
  expect(shareText('a'.repeat(10_000))).toHaveLength(10_000);
});
