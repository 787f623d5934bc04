import { expect, it } from 'vitest';

import { stampTransitions } from '../../../src/write-back/stamp-transitions.ts';

it('gives a time to the conditions that have none, wherever they stand', () => {
  const held = { type: 'Accepted', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const begun = { type: 'Programmed', status: 'True' };
  const status = {
    attachedListenerSets: 1,
    addresses: [{ type: 'IPAddress', value: '192.0.2.7' }],
    conditions: [held, begun],
    listeners: [{ name: 'http', supportedKinds: [], conditions: [begun, held] }],
    removed: null,
  };
  const stamped = { ...begun, lastTransitionTime: '2026-08-01T10:20:30Z' };
  expect(stampTransitions(status, new Date('2026-08-01T10:20:30.987Z'))).toEqual({
    ...status,
    conditions: [held, stamped],
    listeners: [{ name: 'http', supportedKinds: [], conditions: [stamped, held] }],
  });
});
