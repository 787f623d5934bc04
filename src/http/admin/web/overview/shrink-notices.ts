import type { ShrinkRow } from '../../../../model/shrink.ts';
import { toAge, toCount, toLocalTime, toNumber } from '../words.ts';
import type { Notice } from './notice.ts';

/** Losses of most routes at once: what is held back until when, and what to do when it was meant. */
export function findShrinks(shrinks: readonly ShrinkRow[], time: string): readonly Notice[] {
  return shrinks.map((row) => {
    const { source, mode, since, until, fleets, namespaces, example } = row;
    const lost = fleets
      .map((each) => `${toNumber(each.lost)} of ${toCount(each.known, 'route')} of fleet ${each.fleet}`)
      .join(', ');
    const where = `${toCount(namespaces, 'namespace')}${example === '' ? '' : `, such as ${example}`}`;
    const what = `Source ${source} lost ${lost} at once (in ${where}) ${toAge(Date.parse(time) - Date.parse(since))} ago`;
    const left = `for another ${toAge(Date.parse(until) - Date.parse(time))}, until ${toLocalTime(until)}`;
    return mode === 'hold'
      ? {
          severity: 'error',
          text: `${what}. They are still served ${left}. If the loss was meant: \`fairlead confirm --source ${source}\``,
        }
      : { severity: 'warning', text: `${what}. They are no longer served; this is shown ${left}` };
  });
}
