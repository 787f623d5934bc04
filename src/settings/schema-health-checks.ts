import * as z from 'zod';
import { described } from './schema-parts.ts';

function limit(least: 0 | 1, most: number, standard: number, description: string) {
  return described(z.int().min(least).max(most).prefault(standard), { description });
}

/** Section `healthChecks`. */
export const healthChecksSchema = described(
  z
    .strictObject({
      workers: limit(
        0,
        256,
        16,
        'How many checks run at a time; of one namespace at most 2. 0: none, and all endpoints count as healthy.',
      ),
      perNamespace: limit(1, 10_000, 50, 'How many endpoints of one namespace are checked.'),
      total: limit(
        1,
        10_000,
        1_000,
        'How many endpoints are checked in all. If more are asked for, every namespace gets the same share.',
      ),
    })
    .prefault({}),
  {
    description:
      'The checks that Fairlead makes itself, of the endpoints of UDP ports whose Service has `fairlead.dev/health-port`. The leader makes them, of addresses that may be servers.',
    example: '{workers: 16}',
  },
);
