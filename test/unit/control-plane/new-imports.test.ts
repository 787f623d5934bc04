import { expect, it } from 'vitest';

import { NewImports } from '../../../src/control-plane/new-imports.ts';
import type { ImportedNumber } from '../../../src/model/imported-port.ts';
import { toPort } from '../ports/allocation/notation.ts';

const toNumber = (port: number): ImportedNumber => ({
  fleet: 'default',
  protocol: 'tcp',
  port: toPort(port),
});

const reading = [{ hasSynced: true }, { hasSynced: false }];
const read = [{ hasSynced: true }, { hasSynced: true }];

it('reports the numbers that came after all had been read, while they are there', () => {
  const imports = new NewImports();
  expect(imports.update([], reading)).toBe(false);
  // Sources that are read late are part of the start.
  expect(imports.update([toNumber(9000)], reading)).toBe(false);
  expect(imports.update([toNumber(9000), toNumber(9001)], read)).toBe(false);
  expect(imports.problems).toEqual([]);
  expect(imports.update([toNumber(9001), toNumber(9002)], read)).toBe(true);
  expect(imports.problems).toMatchObject([
    { code: 'import-entrypoint-new', subject: { kind: 'Fleet', name: 'default' } },
  ]);
  expect(imports.problems[0]?.message).toContain('9002/tcp');
  expect(imports.update([toNumber(9002)], read)).toBe(false);
  expect(imports.update([toNumber(9000)], read)).toBe(true);
  expect(imports.problems).toEqual([]);
});
