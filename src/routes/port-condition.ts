import type { Condition } from './status.ts';

/** The type of the condition that says whether a pool port has been given: of listeners, and of parents of routes that ask themselves. */
export const portCondition = 'fairlead.dev/PortAllocated';

/** It is asked for; what the ledger says of it is filled in when the status is planned. */
export const pendingPort: Condition = {
  type: portCondition,
  status: 'False',
  reason: 'Pending',
  message: 'No port has been given yet.',
};
