import type { Severity } from '../model/problem-codes.ts';
import type { ProblemJson } from '../http/problem-json.ts';
import { toPrintable } from './table.ts';

const colourOf: Readonly<Record<Severity, string>> = {
  error: '\u001B[31m',
  warning: '\u001B[33m',
  info: '\u001B[36m',
};
const plain = '\u001B[0m';

/**
 * A problem on one line, as compilers write theirs: `file:line:column: error code object field: message (hint)`. Where no file
 * says which object it is, `withSource` adds the source to it.
 */
export function toProblemLine(
  { severity, code, object, source, field, message, hint, location }: ProblemJson,
  colours: boolean,
  withSource = false,
): string {
  const place =
    location === undefined ? '' : toPrintable(`${location.file}:${location.line}:${location.column}: `);
  const label = colours ? `${colourOf[severity]}${severity}${plain}` : severity;
  const needsSource = withSource && location === undefined && source !== '' && object !== `Source/${source}`;
  const about = [object, needsSource ? `(source ${source})` : '', field]
    .filter((part) => part !== '')
    .join(' ');
  return `${place}${label} ${toPrintable(`${code} ${about}: ${message} (${hint})`)}`;
}
