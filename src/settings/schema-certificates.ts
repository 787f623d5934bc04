import * as z from 'zod';
import { described, textAs } from './schema-parts.ts';
import { parseLongDuration } from '../lib/long-duration.ts';

/** Section `certificates`. */
export const certificatesSchema = described(
  z
    .strictObject({
      warnBefore: described(textAs(parseLongDuration).prefault('14d'), {
        description: 'How long before it expires a certificate is reported.',
        type: 'duration',
      }),
    })
    .prefault({}),
  { description: 'The certificates of TLS Secrets.' },
);
