import { expect, test } from 'vitest';
import { RouteList } from '../../../../src/inspect/listing/route-list.ts';
import { seesAll } from '../../../../src/model/listing.ts';
import { toObjectKey } from '../../../../src/model/object-ref.ts';
import type { Service } from '../../../../src/model/objects.ts';
import { Pipeline } from '../../../../src/pipeline/pipeline.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';

const settings = loadSettings({ env: {}, cwd: process.cwd(), directories: ['.'] });
const source = settings.sources[0]?.name ?? '';

function toWeb(namespace: string): Service {
  return {
    kind: 'Service',
    meta: {
      ref: { source, kind: 'Service', namespace, name: 'web' },
      annotations: { 'fairlead.dev/host': `${namespace}.test` },
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  };
}

test('what comes and goes while nobody looks does not pile up, and is found by whoever looks again', async () => {
  const pipeline = new Pipeline(settings);
  const list = new RouteList(pipeline, () => ({ error: 0, warning: 0, info: 0 }));
  const find = async (): Promise<readonly string[]> => {
    const { rows } = await list.find({ sight: seesAll, text: '', offset: 0, limit: 10 });
    return rows.map(({ object }) => object);
  };
  list.changed(pipeline.update([{ kind: 'set', object: toWeb('first') }]).units);
  expect(await find()).toEqual(['Service/first/web']);
  for (let index = 0; index < 5_000; index += 1) list.changed([toObjectKey(toWeb(`gone-${index}`).meta.ref)]);
  expect(list.size).toBeLessThan(1_100);
  list.changed(pipeline.update([{ kind: 'set', object: toWeb('last') }]).units);
  expect(await find()).toEqual(['Service/first/web', 'Service/last/web']);
});
