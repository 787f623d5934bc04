import { describe, expect, it } from 'vitest';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toSets } from '../../golden/support/replay.ts';
import { hostileSettings } from '../../golden/support/hostile-world.ts';
import { bombs, toRawService, toRawSlice, type Raw } from '../../support/bombs.ts';

const { name: source = '' } = hostileSettings.sources[0] ?? {};

describe('an object that is made to hurt others', () => {
  it.each(Object.keys(bombs))(
    'with %s takes no more than its share, and says what is wrong in few words',
    (name) => {
      const pipeline = new Pipeline(hostileSettings);
      const problems: Problem[] = [];
      const update = (raws: readonly Raw[]): void => {
        const objects = raws.flatMap((raw) => toSourceObjects(raw, source, (each) => problems.push(each)));
        pipeline.update(toSets(objects));
      };
      update([toRawService('good', { 'fairlead.dev/host': 'good.test' }), toRawSlice('good', ['10.1.0.1'])]);
      update(bombs[name]?.() ?? []);
      problems.push(...pipeline.problems());
      expect(problems.filter(({ code }) => code === 'internal-error')).toEqual([]);
      expect(problems.length).toBeLessThan(100);
      expect(JSON.stringify(problems).length).toBeLessThan(60_000);
      expect(pipeline.toBody('default').length).toBeLessThan(2_000_000);
    },
  );
});
