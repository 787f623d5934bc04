import { describe } from 'vitest';

import { describeApiContract } from '../support/api-contract.ts';
import { findApiServer, startApiServer } from './support/apiserver.ts';

const program = findApiServer('whether the fake API server does what a real one does');

describe.skipIf(program === undefined)('what the fake is held to', () => {
  describeApiContract('a real server', () => startApiServer(program ?? ''));
});
