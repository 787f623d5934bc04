import { describe, expect, it } from 'vitest';
import { count, type Tally } from '../../../src/health/tally.ts';

/** How an endpoint that was alive stands after results such as `xxo`: `x` a failure, `o` a success. */
function after(results: string, start: Tally = { failing: false, against: 0 }): string {
  let tally = start;
  return Array.from(results, (each) => ((tally = count(tally, each === 'o')).failing ? 'd' : 'u')).join('');
}

describe('an endpoint', () => {
  it.each([
    ['ooxxoxxo', 'uuuuuuuu'],
    ['xxx', 'uud'],
    ['xxxo', 'uudd'],
    ['xxxoo', 'uuddu'],
    ['xxxoxoxo', 'uudddddd'],
    ['xoxoxoxoxo', 'uuuuuuuuuu'],
    ['xxxooxxx', 'uudduuud'],
  ])('with the results %s stands as %s', (results, stands) => expect(after(results)).toBe(stands));
});
