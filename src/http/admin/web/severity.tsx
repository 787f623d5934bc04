import type { CodeCount, ProblemCounts } from '../../../model/listing.ts';
import { toCount } from './words.ts';

type Severity = CodeCount['severity'];

const signs: Readonly<Record<Severity, string>> = { error: '✕', warning: '!', info: 'i' };
const words: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Note' };

/** A sign that can be told by its shape as well as by its colour. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <span class={`sign ${severity}`}>
      <span aria-hidden="true">{signs[severity]}</span>
      <span class="unseen">{words[severity]}: </span>
    </span>
  );
}

/** The worst of the problems that an object has; nothing where there are none. */
export function ProblemMark({ problems }: { readonly problems: ProblemCounts }) {
  const { error, warning, info } = problems;
  const worst = error > 0 ? 'error' : warning > 0 ? 'warning' : info > 0 ? 'info' : undefined;
  if (worst === undefined) return <span class="sign none" aria-hidden="true" />;
  const text = [
    ...(error > 0 ? [toCount(error, 'error')] : []),
    ...(warning > 0 ? [toCount(warning, 'warning')] : []),
    ...(info > 0 ? [toCount(info, 'note')] : []),
  ].join(', ');
  return (
    <span class={`sign ${worst}`} title={text}>
      <span aria-hidden="true">{signs[worst]}</span>
      <span class="unseen">{text}: </span>
    </span>
  );
}

/** How many problems there are, of one severity or in all. */
export function countSeverity(codes: readonly CodeCount[], severity?: Severity): number {
  return codes.reduce(
    (sum, each) => sum + (severity === undefined || each.severity === severity ? each.count : 0),
    0,
  );
}
