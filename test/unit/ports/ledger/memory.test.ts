import { expect, it } from 'vitest';

import { createMemoryLedger } from '../../../../src/ports/ledger/memory.ts';
import { ledgerContract } from './ledger-contract.ts';
import { toState } from '../allocation/notation.ts';

ledgerContract(() => Promise.resolve({ ledger: createMemoryLedger() }));

it('starts with what it is given', async () => {
  const state = toState(['100 tcp a:80 held@1']);
  expect((await createMemoryLedger(state).read()).state).toBe(state);
});
