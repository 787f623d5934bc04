import { countText, toProblem, type Problem } from '../../model/problem.ts';
import type { ShrinkRow } from '../../model/shrink.ts';

/** What is said while a loss stands. */
export function toShrinkProblem(row: ShrinkRow): Problem {
  const { source, mode, fleets, namespaces, example } = row;
  const lost = fleets
    .map((each) => `${countText(each.lost)} of ${countText(each.known)} routes of fleet ${each.fleet}`)
    .join(' and ');
  const where = namespaces === 1 ? 'one namespace' : `${countText(namespaces)} namespaces`;
  const what = mode === 'hold' ? `they are served until ${row.until}` : 'they are not served any more';
  const hint =
    mode === 'hold'
      ? 'Bring the objects back when that is a mistake; run `fairlead confirm` when it is meant.'
      : 'Bring the objects back when that is a mistake; `fairlead confirm` puts an end to this warning.';
  const subject = { source, kind: 'Source', namespace: '', name: source };
  const message = `The source ${source} lost ${lost} at once, in ${where}, such as ${example}; ${what}.`;
  return toProblem('source-shrunk', subject, { message, hint });
}
