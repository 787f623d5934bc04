import { expect, it } from 'vitest';
import { toWeightedAddress } from '../../../../src/translate/backend/finding.ts';
import { toServerGroups } from '../../../../src/translate/backend/server-groups.ts';

it('keeps the order, and one entry for those that stand side by side with the same port and weight', () => {
  const servers = [
    toWeightedAddress('10.0.0.1', 80),
    toWeightedAddress('10.0.0.2', 80),
    toWeightedAddress('10.0.0.3', 80, 5),
    toWeightedAddress('10.0.0.4', 81, 5),
    toWeightedAddress('10.0.0.5', 80),
  ];
  expect(toServerGroups(servers)).toEqual([
    { hosts: ['10.0.0.1', '10.0.0.2'], port: 80, weight: 1 },
    { hosts: ['10.0.0.3'], port: 80, weight: 5 },
    { hosts: ['10.0.0.4'], port: 81, weight: 5 },
    { hosts: ['10.0.0.5'], port: 80, weight: 1 },
  ]);
  expect(toServerGroups([])).toEqual([]);
});
