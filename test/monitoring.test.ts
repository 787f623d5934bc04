import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify, parse } from 'yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { alerts } from '../scripts/monitoring/alerts.ts';
import { listCurves, listQueries, toDashboard } from '../scripts/monitoring/dashboard.ts';
import { createMetrics, type Metrics } from '../src/http/admin/metrics.ts';
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

function describeAll(): ReturnType<Metrics['list']> {
  const metrics = createMetrics({
    version: '0',
    published: new MemoryPublished(),
    inspection: new MemoryInspection(),
    pollers: new Pollers(),
    isLeader: () => true,
    heldPolls: () => 0,
  });
  onTestFinished(() => metrics.close());
  return metrics.list();
}

/** The labels of each series. */
function listMetrics(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    describeAll().flatMap(({ name, type, labels }) =>
      type === 'histogram'
        ? ['_bucket', '_count', '_sum'].map((end) => [`${name}${end}`, [...labels, 'le']] as const)
        : [[name, labels] as const],
    ),
  );
}

function describeMetrics(): ReadonlyMap<string, string> {
  return new Map(describeAll().map(({ name, help }) => [name, help]));
}

function listTypes(): ReadonlyMap<string, string> {
  return new Map(describeAll().map(({ name, type }) => [name, type]));
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

/** The labels that an expression is grouped by or groups away, each with the metrics in it. */
function listGroupings(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
}

function listNames(expr: string): readonly string[] {
  return [...expr.matchAll(/\b((?:fairlead|process|nodejs)_\w+)/g)].map(([, name = '']) => name);
}

test.each([...alerts.map(({ expr }) => expr), ...listQueries()])(
  '%s groups by labels that there are',
  (expr) => {
    const metrics = listMetrics();
    const known = new Set([...listNames(expr).flatMap((name) => metrics.get(name) ?? []), ...added]);
    expect(listGroupings(expr).filter((label) => !known.has(label))).toEqual([]);
  },
);

test.each([...alerts.map(({ expr }) => expr), ...listQueries()])(
  '%s asks for states that there are',
  (expr) => {
    const described = describeMetrics();
    for (const [, name = '', selector = ''] of expr.matchAll(/\b(fairlead_\w+)\{([^}]*)\}/g))
      for (const [, values = ''] of selector.matchAll(/\b(?:state|mode|kind)(?:=~|!=|=)"([^"]+)"/g))
        for (const value of values.split('|'))
          expect(described.get(name)).toMatch(new RegExp(`\\b${value}\\b`));
  },
);

test.each(listCurves())('$legend of $expr is shown in the unit that it has', ({ expr, unit }) => {
  const isRate = /\brate\(/.test(expr) && !expr.includes('histogram_quantile');
  const isShare =
    / \/ /.test(expr) || (isRate && listNames(expr).every((name) => name.endsWith('_seconds_total')));
  const isCount = expr.startsWith('count(');
  const [name = ''] = listNames(expr).map((each) => each.replace(/_bucket$/, ''));
  const ending = name.endsWith('_bytes') ? 'bytes' : name.endsWith('_seconds') ? 's' : 'short';
  expect(unit).toBe(isShare ? 'percentunit' : isCount ? 'short' : isRate ? 'ops' : ending);
});

test.each(listCurves())('$legend names labels that $expr leaves', ({ expr, legend }) => {
  const metrics = listMetrics();
  const own = listNames(expr).flatMap((name) => metrics.get(name) ?? []);
  const [, by] = /^\w+ by \(([^)]*)\)/.exec(expr) ?? [];
  const gone = new Set(
    [...expr.matchAll(/without \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
  );
  const left = new Set(by?.split(', ') ?? [...own, ...added].filter((label) => !gone.has(label)));
  const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  expect(named.filter((label) => !left.has(label))).toEqual([]);
});

test('a metric ends in its unit, and a counter in _total', () => {
  const odd = [...listTypes()].filter(
    ([name, type]) =>
      name.startsWith('fairlead_') &&
      (name.endsWith('_total') !== (type === 'counter') ||
        (type === 'histogram' && !name.endsWith('_seconds'))),
  );
  expect(odd).toEqual([]);
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
