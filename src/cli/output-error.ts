import { toErrorCode, toFileErrorText } from '../lib/error-text.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** How a process ends whose standard output cannot be written: what it says of that, if anything, and its exit code. */
export function toOutputEnd(error: unknown): { readonly line: string; readonly status: ExitCode } {
  // A reader such as `head` that has seen enough is no mistake.
  if (toErrorCode(error) === 'EPIPE') return { line: '', status: exitCodes.ok };
  return {
    line: `fairlead: standard output cannot be written: ${toFileErrorText(error)}\n`,
    status: exitCodes.usage,
  };
}
