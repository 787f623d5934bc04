import type { Rule } from '../finding.ts';
import { toSeconds } from '../words.ts';

/** What Fairlead prints is 100 ms; the default of Traefik 2 s. */
const mostMs = 500;

export const throttle: Rule = {
  code: 'throttle',
  finds: 'A Traefik waits between two changes (its default is 2 s), though Fairlead gathers them by itself.',
  mend: 'Set `providers.providersThrottleDuration: 100ms`.',
  needs: '`--static`, or a Traefik from 3.3 whose API answers',
  check: ({ traefiks }) =>
    traefiks.flatMap(({ name, throttleMs, provider }) =>
      provider === 'absent' || throttleMs === null || throttleMs <= mostMs
        ? []
        : [
            {
              where: name,
              message: `It waits ${toSeconds(throttleMs)} between two changes, though Fairlead gathers them already`,
              mend: 'set providers.providersThrottleDuration to 100ms, and restart Traefik',
            },
          ],
    ),
};
