import * as z from 'zod';
import { count, described, label, textAs } from './schema-parts.ts';
import { parseDuration } from '../lib/units.ts';

const mode = z.enum(['hold', 'warn', 'off']);
const share = z.number().min(0.01).max(0.99);
const time = textAs(parseDuration);

const rule = z.strictObject({
  source: described(label.optional(), {
    description: 'The source that it is for; default all.',
    example: 'prod',
  }),
  fleet: described(label.optional(), {
    description: 'The fleet that it is for; default all.',
    example: 'internal',
  }),
  mode: described(mode.optional(), { description: 'As `provider.shrinkGuard.mode`.', example: 'off' }),
  share: described(share.optional(), { description: 'As `provider.shrinkGuard.share`.', example: '0.8' }),
  for: described(time.optional(), {
    description: 'As `provider.shrinkGuard.for`.',
    type: 'duration',
    example: '10m',
  }),
});

/** Section `provider.shrinkGuard`. */
export const shrinkGuardSchema = described(
  z
    .strictObject({
      mode: described(mode.prefault('hold'), {
        description:
          'What happens when most routes are lost at once: `hold` serves the deleted routes for a while longer; `warn` only reports the loss; `off`.',
      }),
      share: described(share.prefault(0.5), {
        description: 'More than this share of the routes that a source has in a fleet, 0.01 to 0.99.',
        example: '0.3',
      }),
      minimum: described(count(1).prefault(50), {
        description: 'With fewer routes every loss takes effect at once.',
        example: '200',
      }),
      for: described(time.prefault('30s'), {
        description: 'How long a loss is held back, or reported; `fairlead confirm` ends it earlier.',
        type: 'duration',
        example: '10m',
      }),
      rules: described(z.array(rule).prefault([]), {
        description: 'For single sources and fleets. The first rule that fits counts.',
        example: '[{fleet: lab, mode: off}]',
      }),
    })
    .prefault({}),
  { description: 'What happens when most routes disappear at once.' },
);
