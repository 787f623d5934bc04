import type { Environment } from './environment.ts';
import { SettingsError } from './mistake.ts';
import { findNearest } from '../lib/nearest.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** From the most to the least talkative. */
export type LogLevel = (typeof logLevels)[number];

/**
 * The log level that `FAIRLEAD_LOG_LEVEL` asks for; `info` when it is not set.
 * @throws SettingsError when there is no such level.
 */
export function readLogLevel(env: Environment): LogLevel {
  const text = env['FAIRLEAD_LOG_LEVEL'] ?? '';
  if (text === '') return 'info';
  const level = logLevels.find((name) => name === text.toLowerCase());
  if (level) return level;
  const nearest = findNearest(text, logLevels);
  const hint = nearest === undefined ? `write one of ${logLevels.join(', ')}` : `did you mean ${nearest}?`;
  const mistake = {
    path: [],
    where: 'FAIRLEAD_LOG_LEVEL',
    message: 'is not a log level',
    got: JSON.stringify(text),
    hint,
  };
  throw new SettingsError([mistake]);
}
