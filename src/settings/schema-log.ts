import * as z from 'zod';
import { findNearest } from '../lib/nearest.ts';
import { accept, refuse, type Parsed } from '../lib/parsed.ts';
import { described, textAs } from './schema-parts.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** From the most to the least talkative. */
export type LogLevel = (typeof logLevels)[number];

function parseLogLevel(text: string): Parsed<LogLevel> {
  const level = logLevels.find((name) => name === text.toLowerCase());
  if (level) return accept(level);
  const nearest = findNearest(text, logLevels);
  return refuse(
    'is not a log level',
    nearest === undefined ? `write one of ${logLevels.join(', ')}` : `did you mean ${nearest}?`,
  );
}

/** Section `log`. */
export const logSchema = described(
  z
    .strictObject({
      level: described(textAs(parseLogLevel).prefault('info'), {
        description: 'The least important lines that are still written.',
        type: logLevels.map((level) => `\`${level}\``).join(' or '),
        example: 'debug',
      }),
      format: described(z.enum(['auto', 'text', 'json']).prefault('auto'), {
        description: '`auto`: text on a terminal, JSON elsewhere.',
      }),
    })
    .prefault({}),
  { description: 'What is written to standard error.' },
);
