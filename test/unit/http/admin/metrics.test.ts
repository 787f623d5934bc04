import { expect, onTestFinished, test } from 'vitest';
import { createMetrics, type Metrics } from '../../../../src/http/admin/metrics.ts';
import { isPort, type Port } from '../../../../src/model/port.ts';
import { toProblem } from '../../../../src/model/problem.ts';
import { MemoryInspection, MemoryPublished, sleep } from '../support.ts';

function start(): { metrics: Metrics; published: MemoryPublished; inspection: MemoryInspection } {
  const published = new MemoryPublished();
  const inspection = new MemoryInspection();
  const metrics = createMetrics({ published, inspection, heldPolls: () => 7 });
  onTestFinished(() => metrics.close());
  return { metrics, published, inspection };
}

function toPort(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is no port`);
  return value;
}

/** The lines of one metric, without its help. */
async function readMetric(metrics: Metrics, name: string): Promise<readonly string[]> {
  return (await metrics.render()).split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
}

test('changes of the revision are counted, the first configuration and repetitions are not', async () => {
  const { metrics, published } = start();
  for (const text of ['{"n":1}', '{"n":1}', '{"n":2}', '{"n":3}']) published.publish(text);
  expect(await readMetric(metrics, 'fairlead_revision_changes_total')).toEqual([
    'fairlead_revision_changes_total{fleet="default"} 2',
  ]);
});

test('the size is that of the current configuration', async () => {
  const { metrics, published } = start();
  expect(await readMetric(metrics, 'fairlead_config_bytes')).toEqual([]);
  published.publish('12345');
  expect(await readMetric(metrics, 'fairlead_config_bytes')).toEqual([
    'fairlead_config_bytes{fleet="default"} 5',
  ]);
});

test('problems are counted by code, and go back to 0', async () => {
  const { metrics, inspection } = start();
  const subject = { source: 's', kind: 'Service', namespace: 'a', name: 'b' };
  const problem = toProblem('no-endpoints', subject, { message: 'm', hint: 'h' });
  inspection.problemList = [problem, problem];
  const line = 'fairlead_problems{code="no-endpoints",severity="info"}';
  expect(await readMetric(metrics, 'fairlead_problems')).toContain(`${line} 2`);
  inspection.problemList = [];
  expect(await readMetric(metrics, 'fairlead_problems')).toContain(`${line} 0`);
});

test('pool ports are told by state', async () => {
  const { metrics, inspection } = start();
  const pool = { fleet: 'default', range: '1-9', requestable: null, total: 9, held: 2, cooling: 1, free: 6 };
  const row = {
    fleet: 'default',
    holder: 'Service/a/b',
    source: 's',
    servicePort: 53,
    since: '',
    addresses: [],
  };
  inspection.report = {
    pools: [{ ...pool, protocol: 'udp' }],
    ports: [{ ...row, port: toPort(99), protocols: ['tcp', 'udp'], state: 'lost' }],
    history: [],
    refused: [],
  };
  expect(await readMetric(metrics, 'fairlead_pool_ports')).toEqual(
    Object.entries({ held: 2, cooling: 1, free: 6, lost: 1 }).map(
      ([state, count]) => `fairlead_pool_ports{fleet="default",protocol="udp",state="${state}"} ${count}`,
    ),
  );
});

test('a source is in one state, and one that is gone disappears', async () => {
  const { metrics, inspection } = start();
  inspection.sourceList = [{ name: 'prod', state: 'stale', detail: '', objects: 1 }];
  expect(await readMetric(metrics, 'fairlead_source_state')).toEqual([
    'fairlead_source_state{source="prod",state="starting"} 0',
    'fairlead_source_state{source="prod",state="synced"} 0',
    'fairlead_source_state{source="prod",state="stale"} 1',
  ]);
  inspection.sourceList = [];
  expect(await readMetric(metrics, 'fairlead_source_state')).toEqual([]);
});

test('held polls, rebuilds, event loop delay and the process are told', async () => {
  const { metrics } = start();
  metrics.observeRebuild(0.02);
  await sleep(60);
  const text = await metrics.render();
  expect(text).toContain('fairlead_held_polls 7\n');
  expect(text).toContain('fairlead_rebuild_duration_seconds_bucket{le="0.025"} 1\n');
  expect(text).toMatch(/fairlead_event_loop_delay\{quantile="0.99"\} \d/);
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('NaN');
});

test('after close nothing is subscribed any more', () => {
  const { metrics, published } = start();
  expect(published.subscribers()).toBe(1);
  metrics.close();
  expect(published.subscribers()).toBe(0);
});
