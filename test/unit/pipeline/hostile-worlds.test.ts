import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFlaws, toElementTexts } from '../../golden/support/document.ts';
import { hostileSettings, hostileWorld, innocents } from '../../golden/support/hostile-world.ts';
import { replay, toBodies, toSets } from '../../golden/support/replay.ts';

function toBody(batches: Parameters<typeof replay>[1]): string {
  return toBodies(replay(hostileSettings, batches))['default'] ?? '';
}

describe('whatever tenants write', () => {
  it('the document is sound, and nothing of the innocent is lost or changed', () => {
    const before = toElementTexts(toBody([toSets(innocents)]));
    expect(before.size).toBeGreaterThan(10);
    fc.assert(
      fc.property(hostileWorld, (objects) => {
        const { pipeline } = replay(hostileSettings, [toSets(innocents), toSets(objects)]);
        const body = toBodies({ pipeline })['default'] ?? '';
        expect(findFlaws(body)).toEqual([]);
        const elements = toElementTexts(body);
        for (const [key, text] of before) expect(elements.get(key), key).toBe(text);
        const defects = pipeline.problems().filter(({ code }) => code === 'internal-error');
        expect(defects).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 30_000);
});
