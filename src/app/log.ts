import { pino, type Logger } from 'pino';
import type { LogLevel } from '../settings/log-level.ts';

/** JSON lines on standard error, which leaves standard output to results. Never logs headers or bodies: they may hold tokens. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: toPlainError },
    },
    pino.destination(2),
  );
}

/** The standard serializer copies every property of an error, among them the headers of a failed request. */
function toPlainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: name, ...code, message: message.split('\n', 1)[0], stack };
}
