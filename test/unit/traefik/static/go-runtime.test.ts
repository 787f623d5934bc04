import { expect, test } from 'vitest';
import { withGoRuntime } from '../../../../src/traefik/static/go-runtime.ts';

test('what the user has set of the runtime of Go stays', () => {
  expect(withGoRuntime({ HOME: '/root' })).toEqual({ HOME: '/root', GOGC: '200' });
  expect(withGoRuntime({ GOGC: '75', GOMEMLIMIT: '1GiB' })).toEqual({ GOGC: '75', GOMEMLIMIT: '1GiB' });
  expect(withGoRuntime({ GOGC: '' })).toEqual({ GOGC: '' });
});
