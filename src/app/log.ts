import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogSettings } from '../settings/settings.ts';
import { toTextLine } from './text-line.ts';

export interface LogTarget {
  /** Whether standard error is a terminal: text there, JSON elsewhere, unless `log.format` says otherwise. */
  readonly terminal: boolean;
  readonly colours: boolean;
}

/** The most bytes of lines that wait until they can be written; newer ones are lost. */
const mostWaiting = 1_000_000;

/**
 * Lines on standard error, which leaves standard output to results. Never logs headers or bodies: they may hold tokens.
 */
export function createLogger({ level, format }: LogSettings, { terminal, colours }: LogTarget): Logger {
  // What cannot be written, on a full disk or to a reader that is gone, waits within bounds and is tried again with the next line.
  const stderr = pino.destination({ dest: 2, sync: true, maxLength: mostWaiting });
  stderr.on('error', () => undefined);
  const isText = format === 'text' || (format === 'auto' && terminal);
  const destination: DestinationStream = isText
    ? { write: (line) => stderr.write(toTextLine(line, colours)) }
    : stderr;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: toPlainError },
    },
    destination,
  );
}

/** For what only looks: says nothing. */
export function createSilentLogger(): Logger {
  return pino({ level: 'silent' });
}

/** The standard serializer copies every property of an error, among them the headers of a failed request. */
function toPlainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: name, ...code, message: message.split('\n', 1)[0], stack };
}
