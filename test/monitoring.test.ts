import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify, parse } from 'yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { alerts } from '../scripts/monitoring/alerts.ts';
import { listQueries, toDashboard } from '../scripts/monitoring/dashboard.ts';
import { createMetrics } from '../src/http/admin/metrics.ts';
import { Pollers } from '../src/http/provider/pollers.ts';
import { problemCodes } from '../src/model/problem-codes.ts';
import { buildFiles, findKubectl, root } from './support/built-manifests.ts';
import { MemoryInspection, MemoryPublished } from './unit/http/support.ts';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool)
  process.stderr.write(
    'SKIPPED: promtool is not on PATH (Debian: prometheus); alert rules are not checked\n',
  );
const hasKubectl = findKubectl('the component with the ServiceMonitor');

const rulesFile = join(root, 'manifests/monitoring/alerts.yaml');

function listMetrics(): ReadonlyMap<string, readonly string[]> {
  const metrics = createMetrics({
    version: '0',
    published: new MemoryPublished(),
    inspection: new MemoryInspection(),
    pollers: new Pollers(),
    isLeader: () => true,
    heldPolls: () => 0,
  });
  onTestFinished(() => metrics.close());
  return new Map(
    metrics
      .list()
      .flatMap(({ name, type, labels }) =>
        type === 'histogram'
          ? ['_bucket', '_count', '_sum'].map((end) => [`${name}${end}`, [...labels, 'le']] as const)
          : [[name, labels] as const],
      ),
  );
}

/** What Prometheus itself adds. */
const added = new Set(['instance', 'job', 'pod', '__rate_interval']);

describe.each([
  ['the alerts', alerts.map(({ expr }) => expr)],
  ['the dashboard', listQueries()],
])('%s', (_what, expressions) => {
  test.each(expressions)('%s asks for metrics and labels that there are', (expr) => {
    const metrics = listMetrics();
    const names = [...expr.matchAll(/\b((?:fairlead|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)];
    expect(names.length).toBeGreaterThan(0);
    for (const [, name = '', selector = ''] of names) {
      expect([name, metrics.has(name)]).toEqual([name, true]);
      const labels = [...selector.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, label = '']) => label);
      expect(labels.filter((label) => !metrics.get(name)?.includes(label) && !added.has(label))).toEqual([]);
    }
    for (const [, code = ''] of expr.matchAll(/code="([^"]+)"/g))
      expect(Object.keys(problemCodes)).toContain(code);
  });
});

test.skipIf(!hasPromtool)('promtool takes the rules', () => {
  const { stdout, stderr, status } = spawnSync('promtool', ['check', 'rules', rulesFile], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain(`${alerts.length} rules found`);
});

test('what an alert says names only labels that its expression leaves', () => {
  for (const { summary, expr } of alerts) {
    const [, name = ''] = /(fairlead_\w+)/.exec(expr) ?? [];
    const known = listMetrics().get(name) ?? [];
    const used = [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    expect([summary, used.filter((label) => !known.includes(label))]).toEqual([summary, []]);
  }
});

const dashboardSchema = z.object({
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    }),
  ),
});

test('no two panels of the dashboard lie over each other, or have one number', () => {
  const { panels } = dashboardSchema.parse(JSON.parse(toDashboard()));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
});

test.skipIf(!hasKubectl)('the component adds what the operator reads, on the port that the pods have', () => {
  const objects = buildFiles({
    'kustomization.yaml': stringify({
      resources: ['fairlead/manifests'],
      components: ['fairlead/manifests/components/monitoring'],
    }),
  });
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const service = find('Service', 'fairlead-metrics');
  const monitor = find('ServiceMonitor', 'fairlead');
  expect(service).toMatchObject({
    spec: { ports: [{ name: 'admin', targetPort: 'admin' }], publishNotReadyAddresses: true },
  });
  expect(monitor).toMatchObject({
    spec: { endpoints: [{ port: 'admin', path: '/metrics', honorLabels: true }] },
  });
  const selector = z
    .looseObject({
      spec: z.looseObject({ selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) }),
    })
    .parse(monitor).spec.selector.matchLabels;
  expect(service?.metadata['labels']).toMatchObject(selector);
  expect(find('Service', 'fairlead')?.metadata['labels']).not.toMatchObject(selector);
  expect(find('PrometheusRule', 'fairlead')?.['spec']).toEqual(parse(readFileSync(rulesFile, 'utf8')));
});
