import { expect, test } from 'vitest';
import { listImprovements } from '../../../../src/inspect/migration/list-improvements.ts';
import { Pipeline } from '../../../../src/pipeline/pipeline.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { narrowOne } from '../../kinds/support.ts';

const settings = loadSettings({ env: {}, cwd: '/', directories: ['/'] });

const { object } = narrowOne('Ingress', {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    ingressClassName: 'fairlead',
    rules: [
      {
        host: 'a.com',
        http: {
          paths: ['/a', '/b'].map((path) => ({
            path,
            pathType: 'Prefix',
            backend: { service: { name: 'web', port: { number: 80 } } },
          })),
        },
      },
    ],
  },
});

function build(others: Partial<Settings['fleets'][number]['entryPoints']>): Pipeline {
  const fleets = settings.fleets.map((fleet) => ({
    ...fleet,
    entryPoints: { ...fleet.entryPoints, ...others },
  }));
  const pipeline = new Pipeline({ ...settings, fleets });
  pipeline.update([{ kind: 'set', object }]);
  return pipeline;
}

test('what both would do alike is no improvement', () => {
  expect(listImprovements([object.meta.ref], build({}), build({}))).toEqual([]);
});

test('each way in which routers differ is told once, with how many objects and an example', () => {
  const found = listImprovements([object.meta.ref], build({}), build({ http: 'plain' }));
  expect(found).toEqual([
    {
      says: expect.stringContaining('entryPoints'),
      objects: 1,
      example: {
        object: 'Ingress/shop/web',
        now: expect.stringMatching(/^web of Host\("a\.com"\)/),
        otherwise: 'plain',
      },
    },
  ]);
});
